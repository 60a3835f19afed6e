// Copies that bring images and filters into the order in which the multiplication reads them.
import { bytes, gatherLanes, storeFirstLanes, zeros } from './simd';

/** Fills `length` bytes with zeros. */
export function clear(target: usize, length: usize): void {
  memory.fill(target, 0, length);
}

/** Copies `count` floats and appends zeros up to `paddedCount`. */
export function copyVector(source: usize, target: usize, count: i32, paddedCount: i32): void {
  memory.copy(target, source, bytes(count));
  memory.fill(target + bytes(count), 0, bytes(paddedCount - count));
}

/**
 * Cuts the same window out of every image; what lies outside an image becomes zero.
 *
 * source: [images][height][width][channels]
 * target: [images][targetHeight][targetWidth][channels], its pixel (0, 0) being the image's (firstRow, firstColumn),
 *         either of which may be negative
 */
export function copyWindow(
  source: usize,
  target: usize,
  images: i32,
  height: i32,
  width: i32,
  channels: i32,
  targetHeight: i32,
  targetWidth: i32,
  firstRow: i32,
  firstColumn: i32,
): void {
  const pixelBytes = bytes(channels);
  const firstInside = max(0, min(targetWidth, -firstColumn));
  const endInside = max(firstInside, min(targetWidth, width - firstColumn));
  const leftBytes = <usize>firstInside * pixelBytes;
  const insideBytes = <usize>(endInside - firstInside) * pixelBytes;
  const rightBytes = <usize>(targetWidth - endInside) * pixelBytes;
  const rowBytes = <usize>targetWidth * pixelBytes;
  for (let image = 0; image < images; image++) {
    for (let targetRow = 0; targetRow < targetHeight; targetRow++) {
      const row = firstRow + targetRow;
      if (row < 0 || row >= height || insideBytes === 0) {
        memory.fill(target, 0, rowBytes);
      } else {
        const pixel = (image * height + row) * width + firstColumn + firstInside;
        memory.fill(target, 0, leftBytes);
        memory.copy(target + leftBytes, source + <usize>pixel * pixelBytes, insideBytes);
        memory.fill(target + leftBytes + insideBytes, 0, rightBytes);
      }
      target += rowBytes;
    }
  }
}

/**
 * source: [depth][columns]
 * target: [ceil(columns / 8)][depth][8], missing columns zero
 */
export function packColumns(source: usize, target: usize, depth: i32, columns: i32): void {
  const rowBytes = bytes(columns);
  for (let column = 0; column < columns; column += 8) {
    const count = columns - column;
    let from = source + bytes(column);
    for (let row = 0; row < depth; row++) {
      if (count >= 8) {
        v128.store(target, v128.load(from));
        v128.store(target, v128.load(from, 16), 16);
      } else {
        v128.store(target, zeros());
        v128.store(target, zeros(), 16);
        for (let lane = 0; lane < count; lane++) store<f32>(target + bytes(lane), load<f32>(from + bytes(lane)));
      }
      target += 32;
      from += rowBytes;
    }
  }
}

/**
 * The filter of the convolution that turns the gradient of the output into the gradient of the input: rotated by
 * 180 degrees, its two channel axes swapped.
 *
 * filter: [filterHeight][filterWidth][inputChannels][outputChannels]
 * target: [ceil(inputChannels / 8)][filterHeight][filterWidth][outputChannels][8], missing input channels zero
 */
export function packRotatedFilter(
  filter: usize,
  target: usize,
  filterHeight: i32,
  filterWidth: i32,
  inputChannels: i32,
  outputChannels: i32,
): void {
  const inputBytes = bytes(outputChannels);
  for (let input = 0; input < inputChannels; input += 8) {
    const count = inputChannels - input;
    for (let tap = filterHeight * filterWidth - 1; tap >= 0; tap--) {
      let from = filter + <usize>(tap * inputChannels + input) * inputBytes;
      for (let output = 0; output < outputChannels; output++) {
        if (count >= 8) {
          v128.store(target, gatherLanes(from, inputBytes));
          v128.store(target, gatherLanes(from + 4 * inputBytes, inputBytes), 16);
        } else {
          v128.store(target, zeros());
          v128.store(target, zeros(), 16);
          for (let lane = 0; lane < count; lane++)
            store<f32>(target + bytes(lane), load<f32>(from + <usize>lane * inputBytes));
        }
        target += 32;
        from += 4;
      }
    }
  }
}

/**
 * Four rows of `length` contiguous floats, transposed: target [length][4]. Returns the end of what it wrote.
 */
@inline
export function packFourRows(row0: usize, row1: usize, row2: usize, row3: usize, length: i32, target: usize): usize {
  while (length >= 4) {
    const values0 = v128.load(row0);
    const values1 = v128.load(row1);
    const values2 = v128.load(row2);
    const values3 = v128.load(row3);
    const low01 = v128.shuffle<f32>(values0, values1, 0, 4, 1, 5);
    const low23 = v128.shuffle<f32>(values2, values3, 0, 4, 1, 5);
    const high01 = v128.shuffle<f32>(values0, values1, 2, 6, 3, 7);
    const high23 = v128.shuffle<f32>(values2, values3, 2, 6, 3, 7);
    v128.store(target, v128.shuffle<i64>(low01, low23, 0, 2));
    v128.store(target, v128.shuffle<i64>(low01, low23, 1, 3), 16);
    v128.store(target, v128.shuffle<i64>(high01, high23, 0, 2), 32);
    v128.store(target, v128.shuffle<i64>(high01, high23, 1, 3), 48);
    row0 += 16;
    row1 += 16;
    row2 += 16;
    row3 += 16;
    target += 64;
    length -= 4;
  }
  while (length > 0) {
    store<f32>(target, load<f32>(row0));
    store<f32>(target, load<f32>(row1), 4);
    store<f32>(target, load<f32>(row2), 8);
    store<f32>(target, load<f32>(row3), 12);
    row0 += 4;
    row1 += 4;
    row2 += 4;
    row3 += 4;
    target += 16;
    length--;
  }
  return target;
}

/**
 * One matrix of micro-tiles back to rows.
 *
 * accumulators: [ceil(columns / 8)][paddedRows / 4][4][8]
 * target:       [rows][columns]
 */
export function unpackTiles(accumulators: usize, target: usize, rows: i32, paddedRows: i32, columns: i32): void {
  for (let column = 0; column < columns; column += 8) {
    let from = accumulators + bytes(column * paddedRows);
    let to = target + bytes(column);
    const count = columns - column;
    for (let row = 0; row < rows; row++) {
      storeFirstLanes(to, v128.load(from), count);
      storeFirstLanes(to + 16, v128.load(from, 16), count - 4);
      from += 32;
      to += bytes(columns);
    }
  }
}
