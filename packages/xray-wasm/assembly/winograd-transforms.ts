// Winograd's minimal filtering F(4x4, 3x3): 4 x 4 outputs of a 3 x 3 convolution from a tile of 6 x 6 inputs with 36
// multiplications instead of 144. Tiles are transformed, multiplied position by position as 36 matrix products, and
// transformed back. Lavin & Gray 2015, https://arxiv.org/abs/1509.09308; the matrices are those of its section 4.2.
//
// Vectors run over four channels: the source's channels must be a multiple of 4, the output's of 8.
import { multiplyAdd } from './simd';

/**
 * Bytes between the 36 positions of a buffer. Without them, positions would often lie a power of two apart and push
 * each other out of the first-level cache, where a tile is written to all 36 at once.
 */
export const SKEW: usize = 64;

@inline
function scaled(value: v128, factor: f32): v128 {
  return f32x4.mul(value, f32x4.splat(factor));
}

/** `value * factor + addend`. */
@inline
function scaledPlus(value: v128, factor: f32, addend: v128): v128 {
  return multiplyAdd(value, f32x4.splat(factor), addend);
}

/** Six vectors `fromStep` apart times the input matrix (B transposed), to six vectors `toStep` apart. */
@inline
export function transformInputLine(from: usize, fromStep: usize, to: usize, toStep: usize): void {
  const x0 = v128.load(from);
  const x1 = v128.load(from + fromStep);
  const x2 = v128.load(from + 2 * fromStep);
  const x3 = v128.load(from + 3 * fromStep);
  const x4 = v128.load(from + 4 * fromStep);
  const x5 = v128.load(from + 5 * fromStep);
  const even = scaledPlus(x2, -4, x4);
  const odd = scaledPlus(x1, -4, x3);
  const evenDifference = f32x4.sub(x4, x2);
  const oddDifference = scaled(f32x4.sub(x3, x1), 2);
  v128.store(to, scaledPlus(x0, 4, scaledPlus(x2, -5, x4)));
  v128.store(to + toStep, f32x4.add(even, odd));
  v128.store(to + 2 * toStep, f32x4.sub(even, odd));
  v128.store(to + 3 * toStep, f32x4.add(evenDifference, oddDifference));
  v128.store(to + 4 * toStep, f32x4.sub(evenDifference, oddDifference));
  v128.store(to + 5 * toStep, scaledPlus(x1, 4, scaledPlus(x3, -5, x5)));
}

/** Three vectors times the filter matrix (G), to six vectors `toStep` apart. */
@inline
export function transformFilterLine(x0: v128, x1: v128, x2: v128, to: usize, toStep: usize): void {
  const outer = f32x4.add(x0, x2);
  const weighted = scaledPlus(x2, 1.0 / 6.0, scaled(x0, 1.0 / 24.0));
  const middle = scaled(x1, 1.0 / 12.0);
  v128.store(to, scaled(x0, 0.25));
  v128.store(to + toStep, scaled(f32x4.add(outer, x1), -1.0 / 6.0));
  v128.store(to + 2 * toStep, scaled(f32x4.sub(outer, x1), -1.0 / 6.0));
  v128.store(to + 3 * toStep, f32x4.add(weighted, middle));
  v128.store(to + 4 * toStep, f32x4.sub(weighted, middle));
  v128.store(to + 5 * toStep, x2);
}

/** Six vectors `fromStep` apart times the output matrix (A transposed), to four vectors `toStep` apart. */
@inline
export function transformOutputLine(from: usize, fromStep: usize, to: usize, toStep: usize): void {
  const x1 = v128.load(from + fromStep);
  const x2 = v128.load(from + 2 * fromStep);
  const x3 = v128.load(from + 3 * fromStep);
  const x4 = v128.load(from + 4 * fromStep);
  const sum12 = f32x4.add(x1, x2);
  const difference12 = f32x4.sub(x1, x2);
  const sum34 = f32x4.add(x3, x4);
  const difference34 = f32x4.sub(x3, x4);
  v128.store(to, f32x4.add(f32x4.add(v128.load(from), sum12), sum34));
  v128.store(to + toStep, scaledPlus(difference34, 2, difference12));
  v128.store(to + 2 * toStep, scaledPlus(sum34, 4, sum12));
  v128.store(to + 3 * toStep, f32x4.add(scaledPlus(difference34, 8, difference12), v128.load(from + 5 * fromStep)));
}

/** Four vectors `fromStep` apart times A, to six vectors `toStep` apart. */
@inline
export function transformGradientLine(from: usize, fromStep: usize, to: usize, toStep: usize): void {
  const x0 = v128.load(from);
  const x1 = v128.load(from + fromStep);
  const x2 = v128.load(from + 2 * fromStep);
  const x3 = v128.load(from + 3 * fromStep);
  const even = f32x4.add(x0, x2);
  const odd = f32x4.add(x1, x3);
  const evenWeighted = scaledPlus(x2, 4, x0);
  const oddWeighted = scaledPlus(x3, 8, scaled(x1, 2));
  v128.store(to, x0);
  v128.store(to + toStep, f32x4.add(even, odd));
  v128.store(to + 2 * toStep, f32x4.sub(even, odd));
  v128.store(to + 3 * toStep, f32x4.add(evenWeighted, oddWeighted));
  v128.store(to + 4 * toStep, f32x4.sub(evenWeighted, oddWeighted));
  v128.store(to + 5 * toStep, x3);
}

/** Six vectors `fromStep` apart times G transposed, to three vectors `toStep` apart. */
@inline
export function transformFilterGradientLine(from: usize, fromStep: usize, to: usize, toStep: usize): void {
  const x1 = v128.load(from + fromStep);
  const x2 = v128.load(from + 2 * fromStep);
  const x3 = v128.load(from + 3 * fromStep);
  const x4 = v128.load(from + 4 * fromStep);
  const sum12 = f32x4.add(x1, x2);
  const sum34 = f32x4.add(x3, x4);
  v128.store(to, scaledPlus(v128.load(from), 0.25, scaledPlus(sum12, -1.0 / 6.0, scaled(sum34, 1.0 / 24.0))));
  v128.store(to + toStep, scaledPlus(f32x4.sub(x2, x1), 1.0 / 6.0, scaled(f32x4.sub(x3, x4), 1.0 / 12.0)));
  v128.store(to + 2 * toStep, scaledPlus(f32x4.sub(sum34, sum12), 1.0 / 6.0, v128.load(from + 5 * fromStep)));
}

/** A tile of 6 x 6 pixels, four channels of it, to 36 vectors `positionBytes` apart. */
@inline
export function transformInputTile(
  tile: usize,
  rowBytes: usize,
  pixelBytes: usize,
  target: usize,
  positionBytes: usize,
  workspace: usize,
): void {
  for (let column: usize = 0; column < 6; column++) {
    transformInputLine(tile + column * pixelBytes, rowBytes, workspace + (column << 4), 96);
  }
  for (let row: usize = 0; row < 6; row++) {
    transformInputLine(workspace + row * 96, 16, target + row * 6 * positionBytes, positionBytes);
  }
}
