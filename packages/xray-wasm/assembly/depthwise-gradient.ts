// Gradients of a depthwise convolution: output channel `channel * multiplier + m` sees only input channel `channel`.
import { bytes, loadLanes, multiplyAdd, storeLanes, zeros } from './simd';

/** First output place whose tap, `offset` before the first stride, lies inside the image. */
@inline
function firstInside(offset: i32, stride: i32): i32 {
  return offset >= 0 ? 0 : (stride - 1 - offset) / stride;
}

/** One past the last output place whose tap lies inside the image. */
@inline
function endInside(offset: i32, stride: i32, size: i32, outputSize: i32): i32 {
  return size <= offset ? 0 : min(outputSize, (size - 1 - offset) / stride + 1);
}

/**
 * filter:         [filterHeight][filterWidth][channels][multiplier]
 * outputGradient: [images][outputHeight][outputWidth][channels * multiplier]
 * inputGradient:  [images][height][width][channels], zero before
 */
export function depthwiseInputGradient(
  outputGradient: usize,
  filter: usize,
  inputGradient: usize,
  images: i32,
  height: i32,
  width: i32,
  channels: i32,
  multiplier: i32,
  outputHeight: i32,
  outputWidth: i32,
  filterHeight: i32,
  filterWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
  dilationHeight: i32,
  dilationWidth: i32,
  top: i32,
  left: i32,
): void {
  const pixelBytes = bytes(channels);
  const gradientBytes = bytes(channels * multiplier);
  for (let image = 0; image < images; image++) {
    for (let outputRow = 0; outputRow < outputHeight; outputRow++) {
      const gradientRow = outputGradient + <usize>((image * outputHeight + outputRow) * outputWidth) * gradientBytes;
      for (let tapRow = 0; tapRow < filterHeight; tapRow++) {
        const row = outputRow * strideHeight + tapRow * dilationHeight - top;
        if (row < 0 || row >= height) continue;
        const inputRow = inputGradient + <usize>(image * height + row) * <usize>width * pixelBytes;
        for (let tapColumn = 0; tapColumn < filterWidth; tapColumn++) {
          const offset = tapColumn * dilationWidth - left;
          const weights = filter + <usize>(tapRow * filterWidth + tapColumn) * gradientBytes;
          const end = endInside(offset, strideWidth, width, outputWidth);
          for (let column = firstInside(offset, strideWidth); column < end; column++) {
            const from = gradientRow + <usize>column * gradientBytes;
            const to = inputRow + <usize>(column * strideWidth + offset) * pixelBytes;
            if (multiplier === 1) addProducts(from, weights, to, pixelBytes);
            else addDotProducts(from, weights, to, channels, multiplier);
          }
        }
      }
    }
  }
}

@inline
function addProducts(gradient: usize, weights: usize, target: usize, length: usize): void {
  let at: usize = 0;
  for (; at + 16 <= length; at += 16) addProduct(gradient + at, weights + at, target + at, false);
  for (; at < length; at += 4) addProduct(gradient + at, weights + at, target + at, true);
}

@inline
function addProduct(gradient: usize, weight: usize, target: usize, isSingle: bool): void {
  const sum = multiplyAdd(loadLanes(gradient, isSingle), loadLanes(weight, isSingle), loadLanes(target, isSingle));
  storeLanes(target, sum, isSingle);
}

@inline
function addDotProducts(gradient: usize, weights: usize, target: usize, channels: i32, multiplier: i32): void {
  for (let channel = 0; channel < channels; channel++) {
    let sum: f32 = 0;
    for (let index = 0; index < multiplier; index++) {
      sum += load<f32>(gradient) * load<f32>(weights);
      gradient += 4;
      weights += 4;
    }
    store<f32>(target, load<f32>(target) + sum);
    target += 4;
  }
}

/** Layouts as in `depthwiseInputGradient`; filterGradient has the filter's and must be zero before. */
export function depthwiseFilterGradient(
  input: usize,
  outputGradient: usize,
  filterGradient: usize,
  images: i32,
  height: i32,
  width: i32,
  channels: i32,
  multiplier: i32,
  outputHeight: i32,
  outputWidth: i32,
  filterHeight: i32,
  filterWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
  dilationHeight: i32,
  dilationWidth: i32,
  top: i32,
  left: i32,
): void {
  const pixelBytes = bytes(channels);
  const outputChannels = channels * multiplier;
  const gradientBytes = bytes(outputChannels);
  for (let image = 0; image < images; image++) {
    for (let outputRow = 0; outputRow < outputHeight; outputRow++) {
      const gradientRow = outputGradient + <usize>((image * outputHeight + outputRow) * outputWidth) * gradientBytes;
      for (let tapRow = 0; tapRow < filterHeight; tapRow++) {
        const row = outputRow * strideHeight + tapRow * dilationHeight - top;
        if (row < 0 || row >= height) continue;
        const inputRow = input + <usize>(image * height + row) * <usize>width * pixelBytes;
        for (let tapColumn = 0; tapColumn < filterWidth; tapColumn++) {
          const offset = tapColumn * dilationWidth - left;
          const first = firstInside(offset, strideWidth);
          const columns = endInside(offset, strideWidth, width, outputWidth) - first;
          if (columns <= 0) continue;
          const gradient = gradientRow + <usize>first * gradientBytes;
          const pixel = inputRow + <usize>(first * strideWidth + offset) * pixelBytes;
          const step = <usize>strideWidth * pixelBytes;
          const target = filterGradient + <usize>(tapRow * filterWidth + tapColumn) * gradientBytes;
          let channel = 0;
          if (multiplier === 1) {
            for (; channel + 4 <= channels; channel += 4) {
              const at = bytes(channel);
              addRow(pixel + at, gradient + at, target + at, columns, step, gradientBytes, false);
            }
          }
          for (; channel < outputChannels; channel++) {
            const at = bytes(channel);
            addRow(pixel + bytes(channel / multiplier), gradient + at, target + at, columns, step, gradientBytes, true);
          }
        }
      }
    }
  }
}

/** Adds the sum of pixel times gradient along a row. */
@inline
function addRow(
  pixel: usize,
  gradient: usize,
  target: usize,
  columns: i32,
  pixelStep: usize,
  gradientStep: usize,
  isSingle: bool,
): void {
  let sum = zeros();
  for (let column = 0; column < columns; column++) {
    sum = multiplyAdd(loadLanes(pixel, isSingle), loadLanes(gradient, isSingle), sum);
    pixel += pixelStep;
    gradient += gradientStep;
  }
  storeLanes(target, f32x4.add(loadLanes(target, isSingle), sum), isSingle);
}
