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

/** The padded input, block by block; the input itself, in one block, where it needs no padding. */
export function* inputWindows(
  context: KernelContext,
  geometry: ConvolutionGeometry,
  input: number,
): Generator<InputWindow> {
  const { batch, inputHeight, inputWidth, inputChannels, outputHeight, top, left, strideHeight } = geometry;
  const width = columnsSeen(geometry);
  if (top === 0 && left === 0 && rowsSeen(geometry, outputHeight) <= inputHeight && width <= inputWidth) {
    const rowBytes = inputWidth * inputChannels * 4;
    yield {
      block: { image: 0, images: batch, row: 0, rows: outputHeight },
      address: input,
      imageBytes: inputHeight * rowBytes,
      rowBytes,
    };
    return;
  }
  const rowBytes = width * inputChannels * 4;
  for (const block of blocksOf(batch, outputHeight, (rows) => rowsSeen(geometry, rows) * rowBytes)) {
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

/** Copies a window of the block's images to scratch memory and returns its address. */
export function copyWindow(
  context: KernelContext,
  geometry: ConvolutionGeometry,
  input: number,
  block: Block,
  height: number,
  width: number,
  firstRow: number,
): number {
  const { inputHeight, inputWidth, inputChannels, left } = geometry;
  const target = context.scratch.reserve('window', block.images * height * width * inputChannels * 4);
  context.module.copyWindow(
    input + block.image * inputHeight * inputWidth * inputChannels * 4,
    target,
    block.images,
    inputHeight,
    inputWidth,
    inputChannels,
    height,
    width,
    firstRow,
    -left,
  );
  return target;
}
