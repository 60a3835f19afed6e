// The two inner loops everything else is built on. Neither is unrolled: V8 runs them fastest as they are, with the
// eight accumulators, two operands and one splat in registers.
import { multiplyAdd, storeFirstLanes, zeros } from './simd';

/**
 * A tile of 4 rows x 8 columns of `A x B + bias`.
 *
 * a: [depth][4], b: [depth][8], output: `rows` (1 to 4) rows `outputRowBytes` apart, of `columns` (at least 1) floats,
 * of which the tile writes up to 8. With `relu`, negative results become zero.
 */
@inline
export function multiplyTile(
  a: usize,
  b: usize,
  depth: i32,
  biasLow: v128,
  biasHigh: v128,
  output: usize,
  outputRowBytes: usize,
  rows: i32,
  columns: i32,
  relu: bool,
): void {
  let low0 = biasLow;
  let low1 = biasLow;
  let low2 = biasLow;
  let low3 = biasLow;
  let high0 = biasHigh;
  let high1 = biasHigh;
  let high2 = biasHigh;
  let high3 = biasHigh;
  const end = b + (<usize>depth << 5);
  while (b < end) {
    const bLow = v128.load(b);
    const bHigh = v128.load(b, 16);
    const a0 = v128.load32_splat(a);
    low0 = multiplyAdd(a0, bLow, low0);
    high0 = multiplyAdd(a0, bHigh, high0);
    const a1 = v128.load32_splat(a, 4);
    low1 = multiplyAdd(a1, bLow, low1);
    high1 = multiplyAdd(a1, bHigh, high1);
    const a2 = v128.load32_splat(a, 8);
    low2 = multiplyAdd(a2, bLow, low2);
    high2 = multiplyAdd(a2, bHigh, high2);
    const a3 = v128.load32_splat(a, 12);
    low3 = multiplyAdd(a3, bLow, low3);
    high3 = multiplyAdd(a3, bHigh, high3);
    a += 16;
    b += 32;
  }
  if (relu) {
    const zero = zeros();
    // `pmax(x, 0)` is `x < 0 ? 0 : x`: one instruction, and NaN stays NaN.
    low0 = f32x4.pmax(low0, zero);
    low1 = f32x4.pmax(low1, zero);
    low2 = f32x4.pmax(low2, zero);
    low3 = f32x4.pmax(low3, zero);
    high0 = f32x4.pmax(high0, zero);
    high1 = f32x4.pmax(high1, zero);
    high2 = f32x4.pmax(high2, zero);
    high3 = f32x4.pmax(high3, zero);
  }
  if (rows === 4 && columns >= 8) {
    v128.store(output, low0);
    v128.store(output, high0, 16);
    output += outputRowBytes;
    v128.store(output, low1);
    v128.store(output, high1, 16);
    output += outputRowBytes;
    v128.store(output, low2);
    v128.store(output, high2, 16);
    output += outputRowBytes;
    v128.store(output, low3);
    v128.store(output, high3, 16);
    return;
  }
  storeFirstLanes(output, low0, columns);
  storeFirstLanes(output + 16, high0, columns - 4);
  if (rows > 1) {
    output += outputRowBytes;
    storeFirstLanes(output, low1, columns);
    storeFirstLanes(output + 16, high1, columns - 4);
  }
  if (rows > 2) {
    output += outputRowBytes;
    storeFirstLanes(output, low2, columns);
    storeFirstLanes(output + 16, high2, columns - 4);
  }
  if (rows > 3) {
    output += outputRowBytes;
    storeFirstLanes(output, low3, columns);
    storeFirstLanes(output + 16, high3, columns - 4);
  }
}

/**
 * Adds a tile of 4 x 8 of `transpose(A) x B` to `accumulators`, whose rows are `accumulatorRowBytes` apart.
 *
 * a: [count][4], b: [count][8].
 */
@inline
export function accumulateTile(
  a: usize,
  b: usize,
  count: i32,
  accumulators: usize,
  accumulatorRowBytes: usize,
): void {
  let low0 = zeros();
  let low1 = low0;
  let low2 = low0;
  let low3 = low0;
  let high0 = low0;
  let high1 = low0;
  let high2 = low0;
  let high3 = low0;
  const end = b + (<usize>count << 5);
  while (b < end) {
    const bLow = v128.load(b);
    const bHigh = v128.load(b, 16);
    const a0 = v128.load32_splat(a);
    low0 = multiplyAdd(a0, bLow, low0);
    high0 = multiplyAdd(a0, bHigh, high0);
    const a1 = v128.load32_splat(a, 4);
    low1 = multiplyAdd(a1, bLow, low1);
    high1 = multiplyAdd(a1, bHigh, high1);
    const a2 = v128.load32_splat(a, 8);
    low2 = multiplyAdd(a2, bLow, low2);
    high2 = multiplyAdd(a2, bHigh, high2);
    const a3 = v128.load32_splat(a, 12);
    low3 = multiplyAdd(a3, bLow, low3);
    high3 = multiplyAdd(a3, bHigh, high3);
    a += 16;
    b += 32;
  }
  addToRow(accumulators, low0, high0);
  addToRow(accumulators + accumulatorRowBytes, low1, high1);
  addToRow(accumulators + 2 * accumulatorRowBytes, low2, high2);
  addToRow(accumulators + 3 * accumulatorRowBytes, low3, high3);
}

@inline
function addToRow(target: usize, low: v128, high: v128): void {
  v128.store(target, f32x4.add(v128.load(target), low));
  v128.store(target, f32x4.add(v128.load(target, 16), high), 16);
}
