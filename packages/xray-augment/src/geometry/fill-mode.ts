/**
 * What lies outside an image, for a row `a b c d`:
 * - `constant`: a fixed value, `k k | a b c d | k k`
 * - `edge`: the nearest pixel, `a a | a b c d | d d` (Keras and SciPy say `nearest`)
 * - `reflect`: mirrored at the outer edge, `b a | a b c d | d c`
 * - `wrap`: the other side, `c d | a b c d | a b`
 */
export type FillMode = 'constant' | 'edge' | 'reflect' | 'wrap';

export const FILL_MODES: readonly FillMode[] = ['constant', 'edge', 'reflect', 'wrap'];

/**
 * Where the value of a place outside is found.
 *
 * @returns A place in `[0, size)`, or -1 for the constant.
 */
export function placeInside(place: number, size: number, mode: FillMode): number {
  if (place >= 0 && place < size) return place;
  switch (mode) {
    case 'constant':
      return -1;
    case 'edge':
      return place < 0 ? 0 : size - 1;
    case 'reflect': {
      const folded = modulo(place, 2 * size);
      return folded < size ? folded : 2 * size - 1 - folded;
    }
    case 'wrap':
      return modulo(place, size);
  }
}

function modulo(value: number, size: number): number {
  return ((value % size) + size) % size;
}
