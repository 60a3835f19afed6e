// The gradient of the usual max pooling; that of any other is in pooling.ts.
import { bytes } from './simd';

/**
 * Windows of 2 x 2 that touch but do not overlap, no padding. Writes all of `inputGradient`.
 * Layouts as in `pooling.ts`; `channels` must be a multiple of 4.
 */
export function maxPoolGradient2x2(
  input: usize,
  pooledGradient: usize,
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
          let gradient = v128.and(v128.load(pooledGradient), f32x4.gt(largest, nothing));
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
          pooledGradient += 16;
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
