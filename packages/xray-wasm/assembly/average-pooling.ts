// Average pooling and its gradient. A window counts only the pixels inside the image, as TensorFlow does.
import { bytes, loadLanes, storeLanes, zeros } from './simd';

/**
 * Any window, stride and padding.
 *
 * input:  [images][height][width][channels]
 * output: [images][outputHeight][outputWidth][channels]
 */
export function averagePool(
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
      const rows = max(0, min(height, firstRow + windowHeight) - rowStart);
      for (let outputColumn = 0; outputColumn < outputWidth; outputColumn++) {
        const firstColumn = outputColumn * strideWidth - left;
        const columnStart = max(0, firstColumn);
        const columns = max(0, min(width, firstColumn + windowWidth) - columnStart);
        const count = f32x4.splat(<f32>(rows * columns));
        let from = input + bytes((rowStart * width + columnStart) * channels);
        let channel = 0;
        for (; channel < vectorChannels; channel += 4) {
          storeLanes(output, f32x4.div(sumWindow(from, rows, columns, width, channels, false), count), false);
          from += 16;
          output += 16;
        }
        for (; channel < channels; channel++) {
          storeLanes(output, f32x4.div(sumWindow(from, rows, columns, width, channels, true), count), true);
          from += 4;
          output += 4;
        }
      }
    }
    input += bytes(height * width * channels);
  }
}

@inline
function sumWindow(input: usize, rows: i32, columns: i32, width: i32, channels: i32, isSingle: bool): v128 {
  const right = bytes(channels);
  const down = bytes(width * channels);
  let sum = zeros();
  for (let row = 0; row < rows; row++) {
    let from = input;
    for (let column = 0; column < columns; column++) {
      sum = f32x4.add(sum, loadLanes(from, isSingle));
      from += right;
    }
    input += down;
  }
  return sum;
}

/** Layouts as in `averagePool`. `inputGradient` must be zero before. */
export function averagePoolGradient(
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
    for (let outputRow = 0; outputRow < outputHeight; outputRow++) {
      const firstRow = outputRow * strideHeight - top;
      const rowStart = max(0, firstRow);
      const rows = max(0, min(height, firstRow + windowHeight) - rowStart);
      for (let outputColumn = 0; outputColumn < outputWidth; outputColumn++) {
        const firstColumn = outputColumn * strideWidth - left;
        const columnStart = max(0, firstColumn);
        const columns = max(0, min(width, firstColumn + windowWidth) - columnStart);
        const count = f32x4.splat(<f32>(rows * columns));
        let to = inputGradient + bytes((rowStart * width + columnStart) * channels);
        let channel = 0;
        for (; channel < vectorChannels; channel += 4) {
          addToWindow(f32x4.div(loadLanes(outputGradient, false), count), to, rows, columns, width, channels, false);
          to += 16;
          outputGradient += 16;
        }
        for (; channel < channels; channel++) {
          addToWindow(f32x4.div(loadLanes(outputGradient, true), count), to, rows, columns, width, channels, true);
          to += 4;
          outputGradient += 4;
        }
      }
    }
    inputGradient += bytes(height * width * channels);
  }
}

@inline
function addToWindow(
  value: v128,
  target: usize,
  rows: i32,
  columns: i32,
  width: i32,
  channels: i32,
  isSingle: bool,
): void {
  const right = bytes(channels);
  const down = bytes(width * channels);
  for (let row = 0; row < rows; row++) {
    let to = target;
    for (let column = 0; column < columns; column++) {
      storeLanes(to, f32x4.add(loadLanes(to, isSingle), value), isSingle);
      to += right;
    }
    target += down;
  }
}
