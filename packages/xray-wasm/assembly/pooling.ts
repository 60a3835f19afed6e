// Max pooling and its gradient: each window hands its gradient to its first largest element (row by row), as the cpu
// backend does; a window without a number above -Infinity hands it to nobody.
import { bytes, loadLanes, storeLanes } from './simd';

/**
 * Any window, stride and padding. NaN is never the largest, and an empty window gives -Infinity.
 *
 * input:  [images][height][width][channels]
 * output: [images][outputHeight][outputWidth][channels]
 */
export function maxPool(
  input: usize,
  output: usize,
  images: i32,
  height: i32,
  width: i32,
  channels: i32,
  outputHeight: i32,
  outputWidth: i32,
  windowHeight: i32,
  windowWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
  top: i32,
  left: i32,
): void {
  const vectorChannels = channels & ~3;
  for (let image = 0; image < images; image++) {
    for (let outputRow = 0; outputRow < outputHeight; outputRow++) {
      const firstRow = outputRow * strideHeight - top;
      const rowStart = max(0, firstRow);
      const rows = min(height, firstRow + windowHeight) - rowStart;
      for (let outputColumn = 0; outputColumn < outputWidth; outputColumn++) {
        const firstColumn = outputColumn * strideWidth - left;
        const columnStart = max(0, firstColumn);
        const columns = min(width, firstColumn + windowWidth) - columnStart;
        let from = input + bytes((rowStart * width + columnStart) * channels);
        let channel = 0;
        for (; channel < vectorChannels; channel += 4) {
          v128.store(output, largestOf(from, rows, columns, width, channels, false));
          from += 16;
          output += 16;
        }
        for (; channel < channels; channel++) {
          storeLanes(output, largestOf(from, rows, columns, width, channels, true), true);
          from += 4;
          output += 4;
        }
      }
    }
    input += bytes(height * width * channels);
  }
}

@inline
function largestOf(input: usize, rows: i32, columns: i32, width: i32, channels: i32, isSingle: bool): v128 {
  const right = bytes(channels);
  const down = bytes(width * channels);
  let largest = f32x4.splat(-Infinity);
  for (let row = 0; row < rows; row++) {
    let from = input;
    for (let column = 0; column < columns; column++) {
      // pmax(a, b) is `a < b ? b : a`; with the running maximum first, NaN is never taken.
      largest = f32x4.pmax(largest, loadLanes(from, isSingle));
      from += right;
    }
    input += down;
  }
  return largest;
}

/**
 * Any window, stride and padding; windows may overlap. `inputGradient` must be zero before.
 *
 * input, inputGradient: [images][height][width][channels]
 * outputGradient:       [images][outputHeight][outputWidth][channels]
 */
export function maxPoolGradient(
  input: usize,
  outputGradient: usize,
  inputGradient: usize,
  images: i32,
  height: i32,
  width: i32,
  channels: i32,
  outputHeight: i32,
  outputWidth: i32,
  windowHeight: i32,
  windowWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
  top: i32,
  left: i32,
): void {
  const vectorChannels = channels & ~3;
  for (let image = 0; image < images; image++) {
    const imageOffset = bytes(image * height * width * channels);
    for (let outputRow = 0; outputRow < outputHeight; outputRow++) {
      const firstRow = outputRow * strideHeight - top;
      const rowStart = max(0, firstRow);
      const rowEnd = min(height, firstRow + windowHeight);
      for (let outputColumn = 0; outputColumn < outputWidth; outputColumn++) {
        const firstColumn = outputColumn * strideWidth - left;
        const columnStart = max(0, firstColumn);
        const columnEnd = min(width, firstColumn + windowWidth);
        const window = imageOffset + bytes((rowStart * width + columnStart) * channels);
        const rows = rowEnd - rowStart;
        const columns = columnEnd - columnStart;
        let channel = 0;
        for (; channel < vectorChannels; channel += 4) {
          const at = window + bytes(channel);
          giveToFirstLargest(input + at, inputGradient + at, outputGradient, rows, columns, width, channels, false);
          outputGradient += 16;
        }
        for (; channel < channels; channel++) {
          const at = window + bytes(channel);
          giveToFirstLargest(input + at, inputGradient + at, outputGradient, rows, columns, width, channels, true);
          outputGradient += 4;
        }
      }
    }
  }
}

@inline
function giveToFirstLargest(
  input: usize,
  inputGradient: usize,
  outputGradient: usize,
  rows: i32,
  columns: i32,
  width: i32,
  channels: i32,
  isSingle: bool,
): void {
  const largest = largestOf(input, rows, columns, width, channels, isSingle);
  let gradient = v128.and(loadLanes(outputGradient, isSingle), f32x4.gt(largest, f32x4.splat(-Infinity)));
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = bytes((row * width + column) * channels);
      const isLargest = f32x4.eq(loadLanes(input + at, isSingle), largest);
      const target = inputGradient + at;
      storeLanes(target, f32x4.add(loadLanes(target, isSingle), v128.and(gradient, isLargest)), isSingle);
      gradient = v128.andnot(gradient, isLargest);
    }
  }
}

/**
 * The usual case: windows of 2 x 2 that touch but do not overlap, no padding. Writes all of `inputGradient`.
 * Layouts as in `maxPoolGradient`; `channels` must be a multiple of 4.
 */
export function maxPoolGradient2x2(
  input: usize,
  outputGradient: usize,
  inputGradient: usize,
  images: i32,
  height: i32,
  width: i32,
  channels: i32,
  outputHeight: i32,
  outputWidth: i32,
): void {
  const right = bytes(channels);
  const down = bytes(width * channels);
  const usedColumnBytes = <usize>(2 * outputWidth) * right;
  const nothing = f32x4.splat(-Infinity);
  for (let image = 0; image < images; image++) {
    for (let outputRow = 0; outputRow < outputHeight; outputRow++) {
      let from = input + <usize>(2 * outputRow) * down;
      let to = inputGradient + <usize>(2 * outputRow) * down;
      for (let outputColumn = 0; outputColumn < outputWidth; outputColumn++) {
        for (let channel = 0; channel < channels; channel += 4) {
          const topLeft = v128.load(from);
          const topRight = v128.load(from + right);
          const bottomLeft = v128.load(from + down);
          const bottomRight = v128.load(from + down + right);
          // pmax(a, b) is `a < b ? b : a`; with the running maximum first, NaN is never taken.
          const largest = f32x4.pmax(
            f32x4.pmax(f32x4.pmax(f32x4.pmax(nothing, topLeft), topRight), bottomLeft),
            bottomRight,
          );
          let gradient = v128.and(v128.load(outputGradient), f32x4.gt(largest, nothing));
          let isLargest = f32x4.eq(topLeft, largest);
          v128.store(to, v128.and(gradient, isLargest));
          gradient = v128.andnot(gradient, isLargest);
          isLargest = f32x4.eq(topRight, largest);
          v128.store(to + right, v128.and(gradient, isLargest));
          gradient = v128.andnot(gradient, isLargest);
          isLargest = f32x4.eq(bottomLeft, largest);
          v128.store(to + down, v128.and(gradient, isLargest));
          gradient = v128.andnot(gradient, isLargest);
          isLargest = f32x4.eq(bottomRight, largest);
          v128.store(to + down + right, v128.and(gradient, isLargest));
          from += 16;
          to += 16;
          outputGradient += 16;
        }
        from += right;
        to += right;
      }
      memory.fill(to, 0, down - usedColumnBytes);
      memory.fill(to + down, 0, down - usedColumnBytes);
    }
    const usedRowBytes = <usize>(2 * outputHeight) * down;
    const imageBytes = <usize>height * down;
    memory.fill(inputGradient + usedRowBytes, 0, imageBytes - usedRowBytes);
    input += imageBytes;
    inputGradient += imageBytes;
  }
}
