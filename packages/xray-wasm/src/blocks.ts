import { type ConvolutionGeometry, columnsSeen, rowsSeen } from './convolution-geometry.js';
import type { KernelContext } from './kernel-context.js';

/** A part of the output: all rows of some images, or some rows of one image. */
export interface Block {
  readonly image: number;
  readonly images: number;
  readonly row: number;
  readonly rows: number;
}

/** Padded copies of the input are made in blocks of about this size, to stay in the cache. */
const BLOCK_BYTES = 2 ** 19;

/**
 * Cuts `batch` images of `rows` rows into blocks whose input takes about `BLOCK_BYTES`.
 *
 * @param bytesOfRows - Size of the input that so many rows of one image need.
 * @param multiple - Blocks that are not whole images have a multiple of so many rows, except the last.
 */
export function* blocksOf(
  batch: number,
  rows: number,
  bytesOfRows: (rows: number) => number,
  multiple = 1,
): Generator<Block> {
  const imagesPerBlock = Math.floor(BLOCK_BYTES / bytesOfRows(rows));
  if (imagesPerBlock >= 1) {
    for (let image = 0; image < batch; image += imagesPerBlock) {
      yield { image, images: Math.min(imagesPerBlock, batch - image), row: 0, rows };
    }
    return;
  }
  let rowsPerBlock = multiple;
  while (bytesOfRows(rowsPerBlock + multiple) <= BLOCK_BYTES) rowsPerBlock += multiple;
  for (let image = 0; image < batch; image++) {
    for (let row = 0; row < rows; row += rowsPerBlock) {
      yield { image, images: 1, row, rows: Math.min(rowsPerBlock, rows - row) };
    }
  }
}

/** Part of the padded input in memory. */
export interface InputWindow {
  readonly block: Block;
  readonly address: number;
  /** Distance of two images and of two rows. */
  readonly imageBytes: number;
  readonly rowBytes: number;
}

/** A part of some images, to be written to `target` as `[images, height, width, channels]`; zeros outside them. */
export interface WindowRequest {
  readonly target: number;
  readonly image: number;
  readonly images: number;
  readonly height: number;
  readonly width: number;
  /** Place of the first pixel, before the image when negative. */
  readonly firstRow: number;
  readonly firstColumn: number;
}

/** Channels-last images: the address where they lie, or a function that computes any window of them. */
export type ImageSource = number | ((window: WindowRequest) => void);

/** Makes blocks smaller than padding alone would. */
export interface BlockLimit {
  /** What a row of the output takes besides its input. */
  readonly rowBytes: number;
  /** Blocks that are not whole images have a multiple of so many rows, except the last. */
  readonly multiple: number;
}

/**
 * The padded input, block by block. Where it needs no padding: the input itself, in one block if there is no limit.
 */
export function* inputWindows(
  context: KernelContext,
  geometry: ConvolutionGeometry,
  input: ImageSource,
  limit?: BlockLimit,
): Generator<InputWindow> {
  const { batch, inputHeight, inputWidth, inputChannels, outputHeight, top, left, strideHeight } = geometry;
  const width = columnsSeen(geometry);
  const isUnpadded =
    top === 0 && left === 0 && rowsSeen(geometry, outputHeight) <= inputHeight && width <= inputWidth;
  const bytesOfRows = (rows: number) =>
    rowsSeen(geometry, rows) * width * inputChannels * 4 + rows * (limit?.rowBytes ?? 0);
  if (isUnpadded && typeof input === 'number') {
    const rowBytes = inputWidth * inputChannels * 4;
    const imageBytes = inputHeight * rowBytes;
    const blocks = limit
      ? blocksOf(batch, outputHeight, bytesOfRows, limit.multiple)
      : [{ image: 0, images: batch, row: 0, rows: outputHeight }];
    for (const block of blocks) {
      const address = input + block.image * imageBytes + block.row * strideHeight * rowBytes;
      yield { block, address, imageBytes, rowBytes };
    }
    return;
  }
  const rowBytes = width * inputChannels * 4;
  for (const block of blocksOf(batch, outputHeight, bytesOfRows, limit?.multiple)) {
    const height = rowsSeen(geometry, block.rows);
    const address = copyWindow(
      context,
      geometry,
      input,
      block,
      height,
      width,
      block.row * strideHeight - top,
    );
    yield { block, address, imageBytes: height * rowBytes, rowBytes };
  }
}

/** Brings a window of the block's images to scratch memory and returns its address. */
export function copyWindow(
  context: KernelContext,
  geometry: ConvolutionGeometry,
  input: ImageSource,
  block: Block,
  height: number,
  width: number,
  firstRow: number,
): number {
  const { inputHeight, inputWidth, inputChannels, left } = geometry;
  const target = context.scratch.reserve('window', block.images * height * width * inputChannels * 4);
  const { image, images } = block;
  const window = { target, image, images, height, width, firstRow, firstColumn: -left };
  writeWindow(context, input, [inputHeight, inputWidth, inputChannels], window);
  return target;
}

/** Writes a window of images of `[height, width, channels]`. */
export function writeWindow(
  context: KernelContext,
  source: ImageSource,
  [height, width, channels]: readonly [number, number, number],
  window: WindowRequest,
): void {
  if (typeof source === 'function') {
    source(window);
    return;
  }
  context.module.copyWindow(
    ...[source + window.image * height * width * channels * 4, window.target, window.images],
    ...[height, width, channels],
    ...[window.height, window.width, window.firstRow, window.firstColumn],
  );
}
