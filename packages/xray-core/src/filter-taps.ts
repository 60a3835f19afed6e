/** @internal Weights of the source pixels that make one target pixel, for all target pixels of one axis. */
export interface FilterTaps {
  /** `[target]`, first source index. */
  readonly starts: Int32Array;
  /** `[target]`, how many source pixels count. */
  readonly counts: Int32Array;
  /** `[target * stride]`, sums to 1 for every target pixel. */
  readonly weights: Float64Array;
  readonly stride: number;
}

/**
 * @internal Triangle filter, widened by the shrink factor.
 *
 * @param size - Source pixels, of which those between `from` and `to`, fractions allowed, become `target` pixels.
 */
export function filterTaps(size: number, from: number, to: number, target: number): FilterTaps {
  const scale = Math.fround(to - from) / target;
  const support = Math.max(scale, 1);
  const stride = Math.ceil(support) * 2 + 1;
  const starts = new Int32Array(target);
  const counts = new Int32Array(target);
  const weights = new Float64Array(target * stride);
  for (let index = 0; index < target; index++) {
    const center = from + (index + 0.5) * scale;
    const start = Math.max(0, Math.trunc(center - support + 0.5));
    const count = Math.min(size, Math.trunc(center + support + 0.5)) - start;
    let sum = 0;
    for (let tap = 0; tap < count; tap++) {
      const weight = Math.max(0, 1 - Math.abs((tap + start - center + 0.5) / support));
      weights[index * stride + tap] = weight;
      sum += weight;
    }
    for (let tap = 0; tap < count; tap++) weights[index * stride + tap]! /= sum;
    starts[index] = start;
    counts[index] = count;
  }
  return { starts, counts, weights, stride };
}

/** @internal Pillow keeps 8-bit weights as integers with 22 binary digits after the point; sums then fit into 32 bits. */
export const FRACTION_BITS = 22;
const ONE = 2 ** FRACTION_BITS;

/** @internal Integer weights, rounded as Pillow does. */
export function fixedPointWeights({ weights }: FilterTaps): Int32Array {
  const fixed = new Int32Array(weights.length); // cuts off what is behind the point; `Math.trunc` takes ten times as long
  for (let at = 0; at < fixed.length; at++) fixed[at] = weights[at]! * ONE + 0.5;
  return fixed;
}
