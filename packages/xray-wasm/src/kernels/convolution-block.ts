import type * as tf from '@tensorflow/tfjs-core';
import type { Block, ImageSource } from '../blocks.js';
import {
  type ConvolutionAttributes,
  type ConvolutionGeometry,
  convolutionGeometry,
  fittingGeometry,
} from '../convolution-geometry.js';
import type { KernelContext, KernelFactory } from '../kernel-context.js';
import { runConvolution } from '../run-convolution.js';
import { runFilterGradient } from './filter-gradient.js';
import { reversed } from './input-gradient.js';

/**
 * Kernels of a convolution block: convolution (stride 1, no dilation, channels last), bias, ReLU and, with the attribute
 * `pool`, max pooling of 2 x 2 with stride 2 and no padding.
 *
 * `forward`: inputs `x` `[batch, height, width, channels]`, `filter`, optional `bias`; outputs `[y]` or, with `pool`,
 * `[y, index]`. `index` is opaque: it holds the place of every window's first largest value, a byte each.
 *
 * The gradients take `dy`, `y`, `index` (with `pool`) and `x` or `filter`, whichever they need; the shape of the one
 * they are for comes as the attribute `inputShape` or `filterShape`.
 */
export const CONVOLUTION_BLOCK_KERNELS = {
  forward: 'XrayConvolutionBlock',
  inputGradient: 'XrayConvolutionBlockInputGradient',
  filterGradient: 'XrayConvolutionBlockFilterGradient',
  biasGradient: 'XrayConvolutionBlockBiasGradient',
} as const;

/** Attributes of a convolution block. */
export interface BlockAttributes {
  readonly pad: 'valid' | 'same';
  readonly pool: boolean;
}

type Shape4D = [number, number, number, number];
type Inputs<Names extends string> = Record<Names, tf.TensorInfo>;

/** The block's result, without its convolution ever existing as a whole. */
export const createConvolutionBlock: KernelFactory =
  (context) =>
  ({ inputs, attrs }) => {
    const { x, filter, bias } = inputs as Inputs<'x' | 'filter'> & Partial<Inputs<'bias'>>;
    const { pad, pool } = attrs as unknown as BlockAttributes;
    const { backend, module } = context;
    const geometry = fittingGeometry(x.shape, filter.shape, convolutionAttributes(pad));
    const { batch, outputHeight, outputWidth, outputChannels } = geometry;
    const run = {
      geometry,
      input: backend.addressOf(x),
      filter: backend.addressOf(filter),
      bias: bias && backend.addressOf(bias),
    };
    if (!pool) {
      const y = backend.makeOutput([batch, outputHeight, outputWidth, outputChannels]);
      runConvolution(context, { ...run, relu: true, output: backend.addressOf(y) });
      return [y];
    }
    const pooledWidth = outputWidth >> 1;
    const shape: Shape4D = [batch, outputHeight >> 1, pooledWidth, outputChannels];
    const imageValues = shape[1] * shape[2] * shape[3];
    const y = backend.makeOutput(shape);
    const index = backend.makeOutput([Math.ceil((batch * imageValues) / 4)], 'int32');
    const output = ({ image, images, row, rows }: Block, convolved: number) => {
      const first = image * imageValues + (row >> 1) * pooledWidth * outputChannels;
      module.poolRelu2x2(
        ...[convolved, backend.addressOf(y) + first * 4, backend.addressOf(index) + first],
        ...[images, rows, outputWidth, outputChannels, imageValues * 4],
      );
    };
    runConvolution(context, { ...run, output });
    return [y, index];
  };

/** Gradient of a block for its input. */
export const createBlockInputGradient: KernelFactory =
  (context) =>
  ({ inputs, attrs }) => {
    const { filter } = inputs as Inputs<'filter'>;
    const { pad, inputShape } = attrs as unknown as BlockAttributes & { inputShape: Shape4D };
    const geometry = convolutionGeometry(inputShape, filter.shape, convolutionAttributes(pad));
    const output = context.backend.makeOutput(inputShape);
    runConvolution(context, {
      geometry: reversed(geometry),
      input: convolutionGradient(context, inputs, geometry),
      filter: context.backend.addressOf(filter),
      rotated: true,
      output: context.backend.addressOf(output),
    });
    return output;
  };

/** Gradient of a block for its filter. */
export const createBlockFilterGradient: KernelFactory =
  (context) =>
  ({ inputs, attrs }) => {
    const { x } = inputs as Inputs<'x'>;
    const { pad, filterShape } = attrs as unknown as BlockAttributes & { filterShape: Shape4D };
    const geometry = convolutionGeometry(x.shape, filterShape, convolutionAttributes(pad));
    const output = context.backend.makeOutput(filterShape);
    runFilterGradient(context, {
      geometry,
      input: context.backend.addressOf(x),
      outputGradient: convolutionGradient(context, inputs, geometry),
      filterGradient: context.backend.addressOf(output),
    });
    return output;
  };

/** Gradient of a block for its bias. */
export const createBlockBiasGradient: KernelFactory =
  ({ backend, module, scratch }) =>
  ({ inputs }) => {
    const { dy, y } = inputs as Inputs<'dy' | 'y'>;
    const columns = y.shape[3]!;
    const rows = y.shape[0]! * y.shape[1]! * y.shape[2]!;
    const output = backend.makeOutput([columns]);
    const partial = scratch.reserve('workspace', columns * 4);
    module.sumMaskedRows(
      ...[backend.addressOf(dy), backend.addressOf(y), backend.addressOf(output), partial, rows, columns],
    );
    return output;
  };

const convolutionAttributes = (pad: BlockAttributes['pad']): ConvolutionAttributes => ({ strides: 1, pad });

/** The gradient of the convolution's result, made window by window from that of the block. */
function convolutionGradient(
  { backend, module }: KernelContext,
  inputs: tf.NamedTensorInfoMap,
  { outputChannels }: ConvolutionGeometry,
): ImageSource {
  const { dy, y, index } = inputs as Inputs<'dy' | 'y'> & Partial<Inputs<'index'>>;
  const [, height, width] = y.shape as Shape4D;
  return ({ target, image, images, ...window }) => {
    const first = image * height * width * outputChannels;
    module.blockGradientWindow(
      ...[backend.addressOf(dy) + first * 4, backend.addressOf(y) + first * 4],
      ...[index ? backend.addressOf(index) + first : 0, target],
      ...[images, height, width, outputChannels],
      ...[window.height, window.width, window.firstRow, window.firstColumn],
    );
  };
}
