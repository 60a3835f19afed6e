// Depthwise convolution: output channel `channel * multiplier + m` sees only input channel `channel`.
import { bytes, loadLanes, multiplyAdd, storeLanes } from './simd';

/**
 * input:  [images][height][width][channels]
 * filter: [filterHeight][filterWidth][channels][multiplier]
 * bias:   [channels * multiplier]
 * output: [images][outputHeight][outputWidth][channels * multiplier], cut off at `least` and `most`
 */
export function depthwiseConvolve(
  input: usize,
  filter: usize,
  output: usize,
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
  bias: usize,
  least: f32,
  most: f32,
): void {
  const pixelBytes = bytes(channels);
  const outputChannels = channels * multiplier;
  const filterStep = bytes(outputChannels);
  const filterRowStep = <usize>filterWidth * filterStep;
  const columnStep = <usize>dilationWidth * pixelBytes;
  const rowStep = <usize>dilationHeight * <usize>width * pixelBytes;
  const lowest = f32x4.splat(least);
  const highest = f32x4.splat(most);
  for (let image = 0; image < images; image++) {
    const source = input + <usize>image * <usize>height * <usize>width * pixelBytes;
    for (let outputRow = 0; outputRow < outputHeight; outputRow++) {
      const row = outputRow * strideHeight - top;
      const firstTapRow = firstTap(row, dilationHeight);
      const tapRows = endTap(row, dilationHeight, height, filterHeight) - firstTapRow;
      for (let outputColumn = 0; outputColumn < outputWidth; outputColumn++) {
        const column = outputColumn * strideWidth - left;
        const firstTapColumn = firstTap(column, dilationWidth);
        const tapColumns = endTap(column, dilationWidth, width, filterWidth) - firstTapColumn;
        const pixels =
          source +
          <usize>((row + firstTapRow * dilationHeight) * width + column + firstTapColumn * dilationWidth) * pixelBytes;
        const weights = filter + <usize>(firstTapRow * filterWidth + firstTapColumn) * filterStep;
        let channel = 0;
        if (multiplier === 1) {
          for (; channel + 8 <= channels; channel += 8) {
            const at = bytes(channel);
            let sum0 = v128.load(bias + at);
            let sum1 = v128.load(bias + at, 16);
            for (let tapRow = 0; tapRow < tapRows; tapRow++) {
              let pixel = pixels + at + <usize>tapRow * rowStep;
              let weight = weights + at + <usize>tapRow * filterRowStep;
              for (let tap = 0; tap < tapColumns; tap++) {
                sum0 = multiplyAdd(v128.load(pixel), v128.load(weight), sum0);
                sum1 = multiplyAdd(v128.load(pixel, 16), v128.load(weight, 16), sum1);
                pixel += columnStep;
                weight += filterStep;
              }
            }
            v128.store(output + at, f32x4.min(f32x4.max(sum0, lowest), highest));
            v128.store(output + at, f32x4.min(f32x4.max(sum1, lowest), highest), 16);
          }
        }
        for (; channel < outputChannels; channel++) {
          const at = bytes(channel);
          let sum = loadLanes(bias + at, true);
          for (let tapRow = 0; tapRow < tapRows; tapRow++) {
            let pixel = pixels + bytes(channel / multiplier) + <usize>tapRow * rowStep;
            let weight = weights + at + <usize>tapRow * filterRowStep;
            for (let tap = 0; tap < tapColumns; tap++) {
              sum = multiplyAdd(loadLanes(pixel, true), loadLanes(weight, true), sum);
              pixel += columnStep;
              weight += filterStep;
            }
          }
          storeLanes(output + at, f32x4.min(f32x4.max(sum, lowest), highest), true);
        }
        output += filterStep;
      }
    }
  }
}

/** First tap inside the image, for a filter whose first tap lies at `start`. */
@inline
function firstTap(start: i32, dilation: i32): i32 {
  return start >= 0 ? 0 : (dilation - 1 - start) / dilation;
}

/** One past the last tap inside the image. */
@inline
function endTap(start: i32, dilation: i32, size: i32, taps: i32): i32 {
  return start >= size ? 0 : min(taps, (size - 1 - start) / dilation + 1);
}
