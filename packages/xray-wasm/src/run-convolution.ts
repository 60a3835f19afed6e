import { type Block, blocksOf, copyWindow, type ImageSource, inputWindows } from './blocks.js';
import type { ConvolutionGeometry } from './convolution-geometry.js';
import type { KernelContext } from './kernel-context.js';

/** Packed pixels are multiplied while they are in the second-level cache. */
const PANEL_BYTES = 192 * 1024;
/** Tiles transformed and multiplied at a time; more reuse the filter better, fewer fit the cache. */
const WINOGRAD_TILES = 32;

/** Addresses and flags of one convolution of float32, channels-last tensors. */
export interface ConvolutionRun {
  readonly geometry: ConvolutionGeometry;
  readonly input: ImageSource;
  /** `[filterHeight, filterWidth, inputChannels, outputChannels]`; rotated: the last two swapped. */
  readonly filter: number;
  /** Turn the filter by 180 degrees and swap its channels, for the gradient of the input. */
  readonly rotated?: boolean | undefined;
  /** `[outputChannels]` */
  readonly bias?: number | undefined;
  readonly relu?: boolean | undefined;
  /** Address; or who takes the output block by block, which then never exists as a whole. */
  readonly output: number | BlockConsumer;
}

/** Is given every block of the output, at an address that is valid during the call. Blocks have an even number of rows. */
export type BlockConsumer = (block: Block, address: number) => void;

/** Computes a convolution with the fastest method that fits its shape. */
export function runConvolution(context: KernelContext, run: ConvolutionRun): void {
  if (suitsWinograd(run.geometry)) runWinograd(context, run);
  else runProduct(context, run);
}

/**
 * Winograd needs whole vectors of channels and pays for its transforms only with enough channels and a map that
 * fills its tiles.
 */
export function suitsWinograd(geometry: ConvolutionGeometry): boolean {
  const { filterHeight, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth } = geometry;
  const { inputChannels, outputChannels, outputWidth } = geometry;
  return (
    filterHeight === 3 &&
    filterWidth === 3 &&
    strideHeight * strideWidth * dilationHeight * dilationWidth === 1 &&
    inputChannels % 4 === 0 &&
    inputChannels >= 16 &&
    outputChannels % 8 === 0 &&
    outputWidth >= 12
  );
}

/** Tiles of packed pixels (4 each) of so many values that fit `PANEL_BYTES`. */
export function tilesPerPanel(depth: number): number {
  return Math.max(1, Math.min(32, Math.floor(PANEL_BYTES / (depth * 16))));
}

function runProduct(context: KernelContext, run: ConvolutionRun): void {
  const { module, scratch } = context;
  const { geometry, input, filter, rotated = false, relu = false, output } = run;
  const { outputWidth, inputChannels, outputChannels, filterHeight, filterWidth } = geometry;
  const depth = filterHeight * filterWidth * inputChannels;
  const paddedChannels = Math.ceil(outputChannels / 8) * 8;

  const packedFilter = scratch.reserve('filter', depth * paddedChannels * 4);
  if (rotated)
    module.packRotatedFilter(filter, packedFilter, filterHeight, filterWidth, outputChannels, inputChannels);
  else module.packColumns(filter, packedFilter, depth, outputChannels);
  const bias = padBias(context, run.bias, outputChannels, paddedChannels);
  const tiles = tilesPerPanel(depth);
  const panel = scratch.reserve('panel', tiles * depth * 16);

  const limit =
    typeof output === 'function' ? { rowBytes: outputWidth * outputChannels * 4, multiple: 2 } : undefined;
  for (const { block, address, imageBytes, rowBytes } of inputWindows(context, geometry, input, limit)) {
    const target = targetOf(context, geometry, output, block);
    module.convolve(
      address,
      imageBytes,
      rowBytes,
      inputChannels,
      block.images,
      block.rows,
      outputWidth,
      outputChannels,
      filterHeight,
      filterWidth,
      geometry.strideHeight,
      geometry.strideWidth,
      geometry.dilationHeight,
      geometry.dilationWidth,
      packedFilter,
      bias,
      relu ? 1 : 0,
      target,
      panel,
      tiles,
    );
    if (typeof output === 'function') output(block, target);
  }
}

function runWinograd(context: KernelContext, run: ConvolutionRun): void {
  const { module, scratch } = context;
  const { geometry, input, filter, rotated = false, relu = false, output } = run;
  const { batch, outputHeight, outputWidth, inputChannels, outputChannels } = geometry;
  const workspace = scratch.reserve('workspace', 36 * 16);

  const transformedFilter = scratch.reserve('filter', 36 * inputChannels * outputChannels * 4);
  const [filterInputs, filterOutputs] = rotated
    ? [outputChannels, inputChannels]
    : [inputChannels, outputChannels];
  module.transformFilter(filter, transformedFilter, filterInputs, filterOutputs, rotated ? 1 : 0, workspace);
  const bias = padBias(context, run.bias, outputChannels, outputChannels);
  const inputs = scratch.reserve('tiles', winogradBytes(4, inputChannels));
  const panels = scratch.reserve('panel', winogradBytes(WINOGRAD_TILES, inputChannels));
  const products = scratch.reserve('products', winogradBytes(WINOGRAD_TILES, 8));

  const tileColumns = Math.ceil(outputWidth / 4);
  const width = 4 * tileColumns + 2;
  const heightOf = (rows: number) => 4 * Math.ceil(rows / 4) + 2;
  const bytesOfRows = (rows: number) => heightOf(rows) * width * inputChannels * 4;
  for (const block of blocksOf(batch, outputHeight, bytesOfRows, 4)) {
    const target = targetOf(context, geometry, output, block);
    const window = copyWindow(
      context,
      geometry,
      input,
      block,
      heightOf(block.rows),
      width,
      block.row - geometry.top,
    );
    module.winogradConvolve(
      window,
      inputChannels,
      block.images,
      Math.ceil(block.rows / 4),
      tileColumns,
      transformedFilter,
      bias,
      relu ? 1 : 0,
      target,
      block.rows,
      outputWidth,
      outputChannels,
      inputs,
      panels,
      products,
      workspace,
      WINOGRAD_TILES,
    );
    if (typeof output === 'function') output(block, target);
  }
}

/** Where a block of the output goes. */
function targetOf(
  context: KernelContext,
  { outputHeight, outputWidth, outputChannels }: ConvolutionGeometry,
  output: number | BlockConsumer,
  { image, images, row, rows }: Block,
): number {
  const rowBytes = outputWidth * outputChannels * 4;
  return typeof output === 'number'
    ? output + (image * outputHeight + row) * rowBytes
    : context.scratch.reserve('convolved block', images * rows * rowBytes);
}

/** Size of the transform of so many tiles: 36 positions, 64 bytes apart. */
export function winogradBytes(tiles: number, channels: number): number {
  return 36 * (tiles * channels * 4 + 64);
}

/** The bias, or zeros, filled up with zeros. */
function padBias(
  context: KernelContext,
  bias: number | undefined,
  channels: number,
  paddedChannels: number,
): number {
  const target = context.scratch.reserve('bias', paddedChannels * 4);
  if (bias === undefined) context.module.clear(target, paddedChannels * 4);
  else context.module.copyVector(bias, target, channels, paddedChannels);
  return target;
}
