import type * as tf from '@tensorflow/tfjs-core';
import { type Block, blocksOf, copyWindow, type ImageSource, inputWindows, writeWindow } from '../blocks.js';
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
} from '../kernel-context.js';
import { suitsWinograd, winogradBytes } from '../run-convolution.js';

/** Packed patches are multiplied while they are in the second-level cache. */
const PATCH_BYTES = 192 * 1024;
const WINOGRAD_TILES = 64;

/** `Conv2DBackpropFilter`: gradient of a convolution for its filter. The stock backend has none. */
export const createConv2DBackpropFilter: KernelFactory =
  (context) =>
  ({ inputs, attrs }) => {
    const { x, dy } = inputs as unknown as { x: tf.TensorInfo; dy: tf.TensorInfo };
    const attributes = attrs as unknown as ConvolutionAttributes & { filterShape: number[] };
    const { backend } = context;
    const outputShape = channelsLastShape(dy, attributes.dataFormat);
    const geometry = gradientGeometry(x.shape, attributes.filterShape, outputShape, attributes);
    const images = borrowChannelsLast(context, x, attributes.dataFormat);
    const gradient = borrowChannelsLast(context, dy, attributes.dataFormat);
    const output = backend.makeOutput(attributes.filterShape);
    runFilterGradient(context, {
      geometry,
      input: backend.addressOf(images.tensor),
      outputGradient: backend.addressOf(gradient.tensor),
      filterGradient: backend.addressOf(output),
    });
    images.release();
    gradient.release();
    return output;
  };

/** Addresses of one gradient of float32, channels-last tensors. */
export interface FilterGradientRun {
  readonly geometry: ConvolutionGeometry;
  readonly input: number;
  readonly outputGradient: ImageSource;
  readonly filterGradient: number;
}

/** Computes a filter's gradient with the fastest method that fits its shape. */
export function runFilterGradient(context: KernelContext, run: FilterGradientRun): void {
  const { filterHeight, filterWidth, inputChannels, outputChannels } = run.geometry;
  if (isEmpty(run.geometry)) {
    const bytes = filterHeight * filterWidth * inputChannels * outputChannels * 4;
    context.module.clear(run.filterGradient, bytes);
  } else if (suitsWinograd(run.geometry)) runWinograd(context, run);
  else runProduct(context, run);
}

function runProduct(context: KernelContext, run: FilterGradientRun): void {
  const { module, scratch } = context;
  const { geometry, input, outputGradient, filterGradient } = run;
  const { outputHeight, outputWidth, outputChannels, inputChannels, filterHeight, filterWidth } = geometry;
  const taps = filterHeight * filterWidth * inputChannels;
  const paddedTaps = Math.ceil(taps / 4) * 4;
  const paddedChannels = Math.ceil(outputChannels / 8) * 8;
  const pixelsPerStep = Math.max(16, Math.min(256, Math.floor(PATCH_BYTES / (paddedTaps * 4))));
  const patches = scratch.reserve('panel', pixelsPerStep * paddedTaps * 4);
  const gradientPanel = scratch.reserve('gradient panel', pixelsPerStep * paddedChannels * 4);
  const patchRow = scratch.reserve('workspace', paddedTaps * 4);
  const accumulators = scratch.reserve('accumulators', paddedTaps * paddedChannels * 4);

  module.clear(accumulators, paddedTaps * paddedChannels * 4);
  const isMade = typeof outputGradient === 'function';
  const gradientRowBytes = outputWidth * outputChannels * 4;
  const limit = isMade ? { rowBytes: gradientRowBytes, multiple: 1 } : undefined;
  for (const { block, address, imageBytes, rowBytes } of inputWindows(context, geometry, input, limit)) {
    const gradient = isMade
      ? gradientWindow(context, geometry, outputGradient, block, block.rows, outputWidth)
      : outputGradient + (block.image * outputHeight + block.row) * gradientRowBytes;
    module.accumulateFilterGradient(
      ...[address, imageBytes, rowBytes, inputChannels],
      ...[block.images, block.rows, outputWidth, outputChannels],
      ...[filterHeight, filterWidth, geometry.strideHeight, geometry.strideWidth],
      gradient,
      ...[accumulators, patches, gradientPanel, patchRow, pixelsPerStep],
    );
  }
  module.unpackTiles(accumulators, filterGradient, taps, paddedTaps, outputChannels);
}

function runWinograd(context: KernelContext, run: FilterGradientRun): void {
  const { module, scratch } = context;
  const { geometry, input, outputGradient, filterGradient } = run;
  const { batch, outputHeight, outputWidth, inputChannels, outputChannels } = geometry;
  const inputs = scratch.reserve('panel', winogradBytes(WINOGRAD_TILES, inputChannels));
  const gradients = scratch.reserve('products', winogradBytes(WINOGRAD_TILES, outputChannels));
  const workspace = scratch.reserve('workspace', 36 * 16);
  const accumulators = scratch.reserve('accumulators', 36 * inputChannels * outputChannels * 4);

  const tileColumns = Math.ceil(outputWidth / 4);
  const width = 4 * tileColumns + 2;
  const bytesOfRows = (rows: number) =>
    (4 * Math.ceil(rows / 4) + 2) * width * (inputChannels + outputChannels) * 4;
  module.clear(accumulators, 36 * inputChannels * outputChannels * 4);
  for (const block of blocksOf(batch, outputHeight, bytesOfRows, 4)) {
    const tileRows = Math.ceil(block.rows / 4);
    const window = copyWindow(
      context,
      geometry,
      input,
      block,
      4 * tileRows + 2,
      width,
      block.row - geometry.top,
    );
    // Filled up with zeros to whole tiles.
    const gradient = gradientWindow(context, geometry, outputGradient, block, 4 * tileRows, 4 * tileColumns);
    module.winogradAccumulateFilterGradient(
      ...[window, inputChannels, block.images, tileRows, tileColumns],
      ...[gradient, outputChannels, accumulators, inputs, gradients, workspace, WINOGRAD_TILES],
    );
  }
  module.winogradFinishFilterGradient(accumulators, filterGradient, inputChannels, outputChannels, workspace);
}

/** Brings the block's rows of the output's gradient to scratch memory and returns their address. */
function gradientWindow(
  context: KernelContext,
  { outputHeight, outputWidth, outputChannels }: ConvolutionGeometry,
  source: ImageSource,
  { image, images, row }: Block,
  height: number,
  width: number,
): number {
  const target = context.scratch.reserve('gradient window', images * height * width * outputChannels * 4);
  const window = { target, image, images, height, width, firstRow: row, firstColumn: 0 };
  writeWindow(context, source, [outputHeight, outputWidth, outputChannels], window);
  return target;
}
