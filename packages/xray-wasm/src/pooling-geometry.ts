import * as tf from '@tensorflow/tfjs-core';
import { InvalidArgumentError } from 'xray-core';

/** The attributes that poolings and their gradients share. */
export interface PoolingAttributes {
  readonly filterSize: [number, number] | number;
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil' | undefined;
}

/** Shape of a pooling of channels-last images. Sizes in pixels; `top` and `left` are rows and columns of padding. */
export interface PoolingGeometry {
  readonly batch: number;
  readonly inputHeight: number;
  readonly inputWidth: number;
  readonly channels: number;
  readonly outputHeight: number;
  readonly outputWidth: number;
  readonly windowHeight: number;
  readonly windowWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly top: number;
  readonly left: number;
}

/**
 * The geometry TensorFlow.js defines for these attributes. With a number as padding it computes the size of the output
 * from the height of window and stride alone, so that windows may lie outside the image. As on the cpu backend, an empty window has the maximum -Infinity and the mean NaN.
 *
 * @throws {InvalidArgumentError} If the window does not fit into the padded input.
 */
export function poolingGeometry(
  inputShape: readonly number[],
  attributes: PoolingAttributes,
): PoolingGeometry {
  const info = tf.backend_util.computePool2DInfo(
    inputShape as [number, number, number, number],
    attributes.filterSize,
    attributes.strides,
    1,
    attributes.pad,
    attributes.dimRoundingMode,
  );
  if (info.outHeight < 0 || info.outWidth < 0) {
    throw new InvalidArgumentError({
      argument: 'filterSize',
      expected: `no larger than the padded input of shape [${inputShape}]`,
      received: attributes.filterSize,
      fix: "Use a smaller window or padding 'same'.",
    });
  }
  return {
    batch: info.batchSize,
    inputHeight: info.inHeight,
    inputWidth: info.inWidth,
    channels: info.inChannels,
    outputHeight: info.outHeight,
    outputWidth: info.outWidth,
    windowHeight: info.filterHeight,
    windowWidth: info.filterWidth,
    strideHeight: info.strideHeight,
    strideWidth: info.strideWidth,
    top: info.padInfo.top,
    left: info.padInfo.left,
  };
}

/**
 * The geometry of a gradient. The size of the output is that of its gradient: TensorFlow.js does not pass
 * `dimRoundingMode` on to gradients, so it may be the one that rounding up gives, too.
 *
 * @throws {InvalidArgumentError} If pooling gives no output of this shape.
 */
export function poolingGradientGeometry(
  inputShape: readonly number[],
  outputGradientShape: readonly number[],
  attributes: PoolingAttributes,
): PoolingGeometry {
  const geometryOf = (dimRoundingMode: 'floor' | 'ceil') =>
    poolingGeometry(inputShape, { ...attributes, dimRoundingMode });
  const [least, most] = [geometryOf('floor'), geometryOf('ceil')];
  const [batch, outputHeight, outputWidth, channels] = outputGradientShape as [
    number,
    number,
    number,
    number,
  ];
  const suits =
    batch === least.batch &&
    channels === least.channels &&
    outputHeight >= least.outputHeight &&
    outputHeight <= most.outputHeight &&
    outputWidth >= least.outputWidth &&
    outputWidth <= most.outputWidth;
  if (suits) return { ...least, outputHeight, outputWidth };
  throw new InvalidArgumentError({
    argument: 'dy',
    expected:
      `of shape [${[least.batch, least.outputHeight, least.outputWidth, least.channels]}], which pooling with windows ` +
      `${attributes.filterSize}, strides ${attributes.strides} and pad ${JSON.stringify(attributes.pad)} makes of [${inputShape}]`,
    received: outputGradientShape,
  });
}

/** The sizes in the order in which the assembly takes them. */
export function poolingSizes(geometry: PoolingGeometry): number[] {
  const { batch, inputHeight, inputWidth, channels, outputHeight, outputWidth } = geometry;
  const { windowHeight, windowWidth, strideHeight, strideWidth, top, left } = geometry;
  return [
    ...[batch, inputHeight, inputWidth, channels, outputHeight, outputWidth],
    ...[windowHeight, windowWidth, strideHeight, strideWidth, top, left],
  ];
}
