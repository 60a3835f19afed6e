// Max and average pooling and their gradients, of any window, stride and padding. A window of max pooling hands its
// gradient to its first largest element (row by row), as the cpu backend does; one without a number above -Infinity
// hands it to nobody. A window of average pooling counts only the pixels inside the image, as TensorFlow does.
//
// input, inputGradient:   [images][height][width][channels]
// pooled, pooledGradient: [images][outputHeight][outputWidth][channels]
import { bytes, loadLanes, storeLanes, zeros } from './simd';

// What is done with a window.
@inline const MAXIMUM = 0;
@inline const MAXIMUM_GRADIENT = 1;
@inline const AVERAGE = 2;
@inline const AVERAGE_GRADIENT = 3;

/** NaN is never the largest, and an empty window gives -Infinity. */
export function maxPool(
  input: usize,
  pooled: usize,
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
  forEachWindow(
    MAXIMUM, input, pooled, 0,
    images, height, width, channels, outputHeight, outputWidth,
    windowHeight, windowWidth, strideHeight, strideWidth, top, left,
  );
}

/** Windows may overlap. `inputGradient` must be zero before. */
export function maxPoolGradient(
  input: usize,
  pooledGradient: usize,
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
  forEachWindow(
    MAXIMUM_GRADIENT, input, pooledGradient, inputGradient,
    images, height, width, channels, outputHeight, outputWidth,
    windowHeight, windowWidth, strideHeight, strideWidth, top, left,
  );
}

/** An empty window gives NaN. */
export function averagePool(
  input: usize,
  pooled: usize,
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
  forEachWindow(
    AVERAGE, input, pooled, 0,
    images, height, width, channels, outputHeight, outputWidth,
    windowHeight, windowWidth, strideHeight, strideWidth, top, left,
  );
}

/** `inputGradient` must be zero before. */
export function averagePoolGradient(
  pooledGradient: usize,
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
  forEachWindow(
    AVERAGE_GRADIENT, 0, pooledGradient, inputGradient,
    images, height, width, channels, outputHeight, outputWidth,
    windowHeight, windowWidth, strideHeight, strideWidth, top, left,
  );
}

/** Walks over all windows; `work` is known when this is compiled into each of its callers. */
@inline
function forEachWindow(
  work: i32,
  input: usize,
  pooled: usize,
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
      const rows = max(0, min(height, firstRow + windowHeight) - rowStart);
      for (let outputColumn = 0; outputColumn < outputWidth; outputColumn++) {
        const firstColumn = outputColumn * strideWidth - left;
        const columnStart = max(0, firstColumn);
        const columns = max(0, min(width, firstColumn + windowWidth) - columnStart);
        let at = imageOffset + bytes((rowStart * width + columnStart) * channels);
        let channel = 0;
        for (; channel < vectorChannels; channel += 4) {
          workOnWindow(work, input + at, pooled, inputGradient + at, rows, columns, width, channels, false);
          at += 16;
          pooled += 16;
        }
        for (; channel < channels; channel++) {
          workOnWindow(work, input + at, pooled, inputGradient + at, rows, columns, width, channels, true);
          at += 4;
          pooled += 4;
        }
      }
    }
  }
}

/** One window of four channels, or with `isSingle` of one. */
@inline
function workOnWindow(
  work: i32,
  input: usize,
  pooled: usize,
  inputGradient: usize,
  rows: i32,
  columns: i32,
  width: i32,
  channels: i32,
  isSingle: bool,
): void {
  if (work == MAXIMUM) {
    storeLanes(pooled, largestOf(input, rows, columns, width, channels, isSingle), isSingle);
  } else if (work == MAXIMUM_GRADIENT) {
    giveToFirstLargest(input, inputGradient, pooled, rows, columns, width, channels, isSingle);
  } else {
    const count = f32x4.splat(<f32>(rows * columns));
    if (work == AVERAGE) {
      const sum = sumWindow(input, rows, columns, width, channels, isSingle);
      storeLanes(pooled, f32x4.div(sum, count), isSingle);
    } else {
      const share = f32x4.div(loadLanes(pooled, isSingle), count);
      addToWindow(share, inputGradient, rows, columns, width, channels, isSingle);
    }
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
