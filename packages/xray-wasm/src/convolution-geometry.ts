import * as tf from '@tensorflow/tfjs-core';
import { InvalidArgumentError } from 'xray-core';

/** Shape of a convolution of channels-last images. Sizes in pixels. */
export interface ConvolutionGeometry {
  readonly batch: number;
  readonly inputHeight: number;
  readonly inputWidth: number;
  readonly inputChannels: number;
  readonly outputHeight: number;
  readonly outputWidth: number;
  readonly outputChannels: number;
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly dilationHeight: number;
  readonly dilationWidth: number;
  /**
   * Rows and columns of zeros before the image; negative cuts some off. How many follow it is not stored: windows
   * reach as far as the output needs.
   */
  readonly top: number;
  readonly left: number;
}

type Pair = [number, number] | number;

/** The attributes that convolutions and their gradients share. */
export interface ConvolutionAttributes {
  readonly strides: Pair;
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  /** @default 'NHWC' */
  readonly dataFormat?: 'NHWC' | 'NCHW' | undefined;
  /** @default 1; depthwise layers pass null */
  readonly dilations?: Pair | null | undefined;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil' | undefined;
}

/**
 * The geometry TensorFlow.js defines for these attributes.
 *
 * @param inputShape - In the layout `dataFormat` says.
 * @param filterShape - `[height, width, inputChannels, outputChannels]`.
 */
export function convolutionGeometry(
  inputShape: readonly number[],
  filterShape: readonly number[],
  attributes: ConvolutionAttributes,
): ConvolutionGeometry {
  const { strides, pad, dimRoundingMode } = attributes;
  const dataFormat = attributes.dataFormat ?? 'NHWC';
  const info = tf.backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    attributes.dilations ?? 1,
    pad,
    dimRoundingMode,
    false,
    tf.backend_util.convertConv2DDataFormat(dataFormat),
  );
  return {
    batch: info.batchSize,
    inputHeight: info.inHeight,
    inputWidth: info.inWidth,
    inputChannels: info.inChannels,
    outputHeight: info.outHeight,
    outputWidth: info.outWidth,
    outputChannels: info.outChannels,
    filterHeight: info.filterHeight,
    filterWidth: info.filterWidth,
    strideHeight: info.strideHeight,
    strideWidth: info.strideWidth,
    dilationHeight: info.dilationHeight,
    dilationWidth: info.dilationWidth,
    top: info.padInfo.top,
    left: info.padInfo.left,
  };
}

/**
 * The geometry of a convolution that is about to run.
 *
 * @throws {InvalidArgumentError} If the filter does not fit into the padded input, or is for another number of channels.
 */
export function fittingGeometry(...given: Parameters<typeof convolutionGeometry>): ConvolutionGeometry {
  const [inputShape, filterShape] = given;
  const geometry = convolutionGeometry(...given);
  if (filterShape[2] !== geometry.inputChannels) {
    throw new InvalidArgumentError({
      argument: 'filter',
      expected: `for the ${geometry.inputChannels} channels of an input of shape [${inputShape}]`,
      received: filterShape,
    });
  }
  if (geometry.outputHeight >= 0 && geometry.outputWidth >= 0) return geometry;
  throw new InvalidArgumentError({
    argument: 'filter',
    expected: `no larger than the padded input of shape [${inputShape}]`,
    received: filterShape,
    fix: "Use a smaller filter or padding 'same'.",
  });
}

/**
 * The geometry of a gradient. The size of the output is that of its gradient: TensorFlow.js does not pass
 * `dimRoundingMode` on to gradients, so it may be the one that rounding up gives, too.
 *
 * @param outputGradientShape - Channels last.
 * @param channels - Of the output's gradient; those of the filter by default.
 * @throws {InvalidArgumentError} If a convolution of these shapes gives no output of this shape.
 */
export function gradientGeometry(
  inputShape: readonly number[],
  filterShape: readonly number[],
  outputGradientShape: readonly number[],
  attributes: ConvolutionAttributes,
  channels = filterShape[3],
): ConvolutionGeometry {
  const geometryOf = (dimRoundingMode: 'floor' | 'ceil') =>
    convolutionGeometry(inputShape, filterShape, { ...attributes, dimRoundingMode });
  const [least, most] = [geometryOf('floor'), geometryOf('ceil')];
  const [batch, outputHeight, outputWidth, outputChannels] = outputGradientShape as Shape4D;
  const suits =
    batch === least.batch &&
    outputChannels === channels &&
    filterShape[2] === least.inputChannels &&
    isBetween(outputHeight, least.outputHeight, most.outputHeight) &&
    isBetween(outputWidth, least.outputWidth, most.outputWidth);
  if (!suits) {
    const shape = [least.batch, least.outputHeight, least.outputWidth, channels];
    throw new InvalidArgumentError({
      argument: 'dy',
      expected:
        `of shape [${shape}] (channels last), which a convolution with filter [${filterShape}], strides ${attributes.strides} ` +
        `and pad ${JSON.stringify(attributes.pad)} makes of [${inputShape}]`,
      received: outputGradientShape,
      fix: 'For conv2dTranspose, change `outputShape`.',
    });
  }
  return { ...least, outputHeight, outputWidth };
}

type Shape4D = [number, number, number, number];

const isBetween = (value: number, least: number, most: number) => least <= value && value <= most;

/** True when there is nothing to compute. */
export function isEmpty(geometry: ConvolutionGeometry): boolean {
  const { batch, inputHeight, inputWidth, inputChannels, outputHeight, outputWidth, outputChannels } =
    geometry;
  return (
    Math.min(batch, inputHeight, inputWidth, inputChannels, outputHeight, outputWidth, outputChannels) < 1
  );
}

/** Rows of the padded input that `outputRows` rows of the output see. */
export function rowsSeen(geometry: ConvolutionGeometry, outputRows: number): number {
  const { strideHeight, dilationHeight, filterHeight } = geometry;
  return (outputRows - 1) * strideHeight + (filterHeight - 1) * dilationHeight + 1;
}

/** Columns of the padded input that the output sees. */
export function columnsSeen(geometry: ConvolutionGeometry): number {
  const { strideWidth, dilationWidth, filterWidth, outputWidth } = geometry;
  return (outputWidth - 1) * strideWidth + (filterWidth - 1) * dilationWidth + 1;
}
