// Convolution + bias + ReLU + max pooling (2 x 2, stride 2) as one operation that keeps the pooled result and, for the
// gradient, which of its four pixels each value came from (0 to 3, row by row). The full-size result of the
// convolution exists in blocks only, and so does its gradient.
import { bytes, loadLanes, storeLanes, zeros } from './simd';

/**
 * output = max(0, largest of every 2 x 2 pixels); a last odd row or column is left out.
 *
 * source: [images][rows][columns][channels]
 * output: [images][rows / 2][columns / 2][channels], images `outputImageBytes` apart
 * index:  the same layout, a byte per value
 */
export function poolRelu2x2(
  source: usize,
  output: usize,
  index: usize,
  images: i32,
  rows: i32,
  columns: i32,
  channels: i32,
  outputImageBytes: usize,
): void {
  const right = bytes(channels);
  const down = bytes(columns * channels);
  const vectorChannels = channels & ~3;
  for (let image = 0; image < images; image++) {
    let to = output;
    let indexTo = index;
    for (let row = 0; row < rows >> 1; row++) {
      let from = source + <usize>(2 * row) * down;
      for (let column = 0; column < columns >> 1; column++) {
        let channel = 0;
        for (; channel < vectorChannels; channel += 4) {
          const position = poolPixel(from, right, down, to, false);
          v128.store32_lane(indexTo, v128.shuffle<u8>(position, position, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12), 0);
          from += 16;
          to += 16;
          indexTo += 4;
        }
        for (; channel < channels; channel++) {
          v128.store8_lane(indexTo, poolPixel(from, right, down, to, true), 0);
          from += 4;
          to += 4;
          indexTo++;
        }
        from += right;
      }
    }
    source += <usize>rows * down;
    output += outputImageBytes;
    index += outputImageBytes >> 2;
  }
}

/** Stores the pooled values and returns where the largest are: 0 to 3 in every lane of 32 bits. */
@inline
function poolPixel(from: usize, right: usize, down: usize, to: usize, isSingle: bool): v128 {
  let largest = loadLanes(from, isSingle);
  let position = zeros();
  let value = loadLanes(from + right, isSingle);
  let isLarger = f32x4.gt(value, largest);
  position = v128.bitselect(i32x4.splat(1), position, isLarger);
  largest = v128.bitselect(value, largest, isLarger);
  value = loadLanes(from + down, isSingle);
  isLarger = f32x4.gt(value, largest);
  position = v128.bitselect(i32x4.splat(2), position, isLarger);
  largest = v128.bitselect(value, largest, isLarger);
  value = loadLanes(from + down + right, isSingle);
  isLarger = f32x4.gt(value, largest);
  position = v128.bitselect(i32x4.splat(3), position, isLarger);
  largest = v128.bitselect(value, largest, isLarger);
  storeLanes(to, f32x4.pmax(largest, zeros()), isSingle); // pmax: NaN stays NaN
  return position;
}

/**
 * A window of the gradient of the convolution's result: that of the block's output where it is positive, brought back
 * to the pixel it came from. What lies outside an image becomes zero, as in `copyWindow`.
 *
 * gradient, output: [images][height][width][channels], of the block
 * index:            the same layout, a byte per value; 0 when the block does not pool
 * target:           [images][targetHeight][targetWidth][channels], its pixel (0, 0) being (firstRow, firstColumn) of
 *                   the convolution's result
 */
export function blockGradientWindow(
  gradient: usize,
  output: usize,
  index: usize,
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
  const shift = index === 0 ? 0 : 1;
  const pixelBytes = bytes(channels);
  for (let image = 0; image < images; image++) {
    for (let targetRow = 0; targetRow < targetHeight; targetRow++) {
      const row = firstRow + targetRow;
      // An arithmetic shift: negative places stay negative.
      if (row < 0 || row >> shift >= height) {
        memory.fill(target, 0, <usize>targetWidth * pixelBytes);
        target += <usize>targetWidth * pixelBytes;
        continue;
      }
      const rowStart = (image * height + (row >> shift)) * width;
      for (let targetColumn = 0; targetColumn < targetWidth; targetColumn++) {
        const column = firstColumn + targetColumn;
        if (column < 0 || column >> shift >= width) {
          memory.fill(target, 0, pixelBytes);
        } else {
          const first = (rowStart + (column >> shift)) * channels;
          if (index === 0) maskPixel(gradient + bytes(first), output + bytes(first), target, channels);
          else {
            const position = 2 * (row & 1) + (column & 1);
            choosePixel(gradient + bytes(first), output + bytes(first), index + first, position, target, channels);
          }
        }
        target += pixelBytes;
      }
    }
  }
}

@inline
function maskPixel(gradient: usize, output: usize, target: usize, channels: i32): void {
  const vectorEnd = target + bytes(channels & ~3);
  const end = target + bytes(channels);
  while (target < vectorEnd) {
    v128.store(target, maskedGradient(gradient, output, false));
    gradient += 16;
    output += 16;
    target += 16;
  }
  while (target < end) {
    storeLanes(target, maskedGradient(gradient, output, true), true);
    gradient += 4;
    output += 4;
    target += 4;
  }
}

@inline
function choosePixel(
  gradient: usize,
  output: usize,
  index: usize,
  position: i32,
  target: usize,
  channels: i32,
): void {
  const wanted = i32x4.splat(position);
  const vectorEnd = target + bytes(channels & ~3);
  const end = target + bytes(channels);
  while (target < vectorEnd) {
    const positions = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(index)));
    const value = v128.and(maskedGradient(gradient, output, false), i32x4.eq(positions, wanted));
    v128.store(target, value);
    gradient += 16;
    output += 16;
    index += 4;
    target += 16;
  }
  while (target < end) {
    const value = <i32>load<u8>(index) === position ? maskedGradient(gradient, output, true) : zeros();
    storeLanes(target, value, true);
    gradient += 4;
    output += 4;
    index++;
    target += 4;
  }
}

/** The gradient before ReLU: zero where its output is not positive. */
@inline
function maskedGradient(gradient: usize, output: usize, isSingle: bool): v128 {
  return v128.and(loadLanes(gradient, isSingle), f32x4.gt(loadLanes(output, isSingle), zeros()));
}

/**
 * The gradient of the bias: that of the block's output where it is positive, summed over the rows.
 *
 * gradient, output: [rows][columns]
 * target:           [columns]
 * partial:          scratch, [columns]
 */
export function sumMaskedRows(
  gradient: usize,
  output: usize,
  target: usize,
  partial: usize,
  rows: i32,
  columns: i32,
): void {
  const rowBytes = bytes(columns);
  memory.fill(target, 0, rowBytes);
  for (let firstRow = 0; firstRow < rows; firstRow += ROWS_PER_SUM) {
    const count = min(ROWS_PER_SUM, rows - firstRow);
    memory.fill(partial, 0, rowBytes);
    for (let row = 0; row < count; row++) {
      addMaskedRow(gradient, output, partial, columns);
      gradient += rowBytes;
      output += rowBytes;
    }
    addRow(partial, target, columns);
  }
}

/** Rows summed before their total joins the sum: keeps the rounding error of long sums small. */
const ROWS_PER_SUM = 256;

@inline
function addMaskedRow(gradient: usize, output: usize, target: usize, columns: i32): void {
  let column = 0;
  for (; column + 4 <= columns; column += 4) {
    const at = bytes(column);
    v128.store(target + at, f32x4.add(v128.load(target + at), maskedGradient(gradient + at, output + at, false)));
  }
  for (; column < columns; column++) {
    const at = bytes(column);
    const sum = f32x4.add(loadLanes(target + at, true), maskedGradient(gradient + at, output + at, true));
    storeLanes(target + at, sum, true);
  }
}

@inline
function addRow(source: usize, target: usize, columns: i32): void {
  let column = 0;
  for (; column + 4 <= columns; column += 4) {
    const at = bytes(column);
    v128.store(target + at, f32x4.add(v128.load(target + at), v128.load(source + at)));
  }
  for (; column < columns; column++) {
    const at = bytes(column);
    store<f32>(target + at, load<f32>(target + at) + load<f32>(source + at));
  }
}
