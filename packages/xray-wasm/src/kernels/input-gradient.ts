import type * as tf from '@tensorflow/tfjs-core';
import {
  type ConvolutionAttributes,
  type ConvolutionGeometry,
  gradientGeometry,
  isEmpty,
} from '../convolution-geometry.js';
import {
  borrowChannelsLast,
  channelsLastShape,
  type KernelContext,
  type KernelFactory,
  returnInFormat,
} from '../kernel-context.js';
import { runConvolution, tilesPerPanel } from '../run-convolution.js';

/** Patches of strided gradients are made in steps of about this size. */
const PATCH_BYTES = 2 ** 19;

/** `Conv2DBackpropInput`: gradient of a convolution for its input; also the transposed convolution. */
export const createConv2DBackpropInput: KernelFactory =
  (context) =>
  ({ inputs, attrs }) => {
    const { dy, filter } = inputs as unknown as { dy: tf.TensorInfo; filter: tf.TensorInfo };
    const attributes = attrs as unknown as ConvolutionAttributes & { inputShape: number[] };
    const { backend, module } = context;
    const outputShape = channelsLastShape(dy, attributes.dataFormat);
    const geometry = gradientGeometry(attributes.inputShape, filter.shape, outputShape, attributes);
    const gradient = borrowChannelsLast(context, dy, attributes.dataFormat);
    const weights = borrowChannelsLast(context, filter, 'NHWC');
    const { batch, inputHeight, inputWidth, inputChannels } = geometry;
    const output = backend.makeOutput([batch, inputHeight, inputWidth, inputChannels]);
    const outputGradient = backend.addressOf(gradient.tensor);
    const inputGradient = backend.addressOf(output);
    if (isEmpty(geometry)) module.clear(inputGradient, batch * inputHeight * inputWidth * inputChannels * 4);
    else if (geometry.strideHeight === 1 && geometry.strideWidth === 1)
      runConvolution(context, {
        geometry: reversed(geometry),
        input: outputGradient,
        filter: backend.addressOf(weights.tensor),
        rotated: true,
        output: inputGradient,
      });
    else runStrided(context, geometry, outputGradient, backend.addressOf(weights.tensor), inputGradient);
    gradient.release();
    weights.release();
    return returnInFormat(context, output, attributes.dataFormat);
  };

/** With stride 1, the gradient is a convolution of the output's gradient with the rotated filter. */
export function reversed(geometry: ConvolutionGeometry): ConvolutionGeometry {
  return {
    ...geometry,
    inputHeight: geometry.outputHeight,
    inputWidth: geometry.outputWidth,
    inputChannels: geometry.outputChannels,
    outputHeight: geometry.inputHeight,
    outputWidth: geometry.inputWidth,
    outputChannels: geometry.inputChannels,
    top: geometry.filterHeight - 1 - geometry.top,
    left: geometry.filterWidth - 1 - geometry.left,
  };
}

/** With a stride, every output pixel's gradient times the filter gives a patch, added where it was seen. */
function runStrided(
  context: KernelContext,
  geometry: ConvolutionGeometry,
  outputGradient: number,
  filter: number,
  inputGradient: number,
): void {
  const { module, scratch } = context;
  const { batch, inputHeight, inputWidth, inputChannels, outputHeight, outputWidth, outputChannels } =
    geometry;
  const taps = geometry.filterHeight * geometry.filterWidth * inputChannels;
  const paddedTaps = Math.ceil(taps / 8) * 8;
  const packedFilter = scratch.reserve('filter', outputChannels * paddedTaps * 4);
  module.packRotatedFilter(filter, packedFilter, 1, 1, taps, outputChannels); // of one tap: only swaps the axes
  const noBias = scratch.reserve('bias', paddedTaps * 4);
  module.clear(noBias, paddedTaps * 4);
  const tiles = tilesPerPanel(outputChannels);
  const panel = scratch.reserve('panel', tiles * outputChannels * 16);
  const total = batch * outputHeight * outputWidth;
  const step = Math.max(1, Math.min(total, Math.floor(PATCH_BYTES / (taps * 4))));
  const patches = scratch.reserve('products', step * taps * 4);

  module.clear(inputGradient, batch * inputHeight * inputWidth * inputChannels * 4);
  for (let first = 0; first < total; first += step) {
    const pixels = Math.min(step, total - first);
    const source = outputGradient + first * outputChannels * 4;
    const rowBytes = pixels * outputChannels * 4;
    module.convolve(
      ...[source, rowBytes, rowBytes, outputChannels],
      ...[1, 1, pixels, taps],
      ...[1, 1, 1, 1, 1, 1],
      ...[packedFilter, noBias, 0, patches, panel, tiles],
    );
    module.addPatches(
      ...[patches, inputGradient, first, pixels],
      ...[inputHeight, inputWidth, inputChannels, outputHeight, outputWidth],
      ...[geometry.filterHeight, geometry.filterWidth, geometry.strideHeight, geometry.strideWidth],
      ...[geometry.top, geometry.left],
    );
  }
}
