import type { Random } from 'xray-core';

/** Number of lattice points per axis; a power of two, so that wrapping is a bit mask. */
const LATTICE = 64;

/** Distance from the origin; `Math.hypot` is ten times slower. */
export function length(x: number, y: number): number {
  return Math.sqrt(x * x + y * y);
}

/** Smooth step from 0 at `x <= -width` to 1 at `x >= width`. */
export function rise(x: number, width: number): number {
  const t = x / (2 * width) + 0.5;
  return t <= 0 ? 0 : t >= 1 ? 1 : t * t * (3 - 2 * t);
}

/**
 * Value noise: random numbers on a lattice, smoothly interpolated; repeats every 64 lattice cells.
 *
 * @returns Function of a position in lattice cells, in `[0, 1]`.
 */
export function createNoise(random: Random): (x: number, y: number) => number {
  const values = new Float32Array(LATTICE * LATTICE);
  for (let at = 0; at < values.length; at += 2) {
    const bits = random.nextUint32(); // 16 bits each are plenty
    values[at] = (bits & 0xffff) / 0xffff;
    values[at + 1] = (bits >>> 16) / 0xffff;
  }
  return (x, y) => {
    const column = Math.floor(x);
    const row = Math.floor(y);
    const shareX = x - column;
    const shareY = y - row;
    const smoothX = shareX * shareX * (3 - 2 * shareX);
    const smoothY = shareY * shareY * (3 - 2 * shareY);
    const left = column & (LATTICE - 1);
    const right = (column + 1) & (LATTICE - 1);
    const top = (row & (LATTICE - 1)) * LATTICE;
    const bottom = ((row + 1) & (LATTICE - 1)) * LATTICE;
    const above = values[top + left]! * (1 - smoothX) + values[top + right]! * smoothX;
    const below = values[bottom + left]! * (1 - smoothX) + values[bottom + right]! * smoothX;
    return above * (1 - smoothY) + below * smoothY;
  };
}
