import type { AffineMatrix } from '../geometry/affine-matrix.js';
import type { Taps } from './gather-taps.js';

/** What lies outside an image, by Keras's names; for what they mean see `FillMode`, whose `edge` is `nearest` here. */
export type KerasFillMode = 'reflect' | 'wrap' | 'constant' | 'nearest';

/** How values between pixels are found, by Keras's names. */
export type KerasInterpolation = 'bilinear' | 'nearest';

export const KERAS_FILL_MODES: readonly KerasFillMode[] = ['reflect', 'wrap', 'constant', 'nearest'];
export const KERAS_INTERPOLATIONS: readonly KerasInterpolation[] = ['bilinear', 'nearest'];

/** How values between and outside pixels are found. */
export interface Projection {
  readonly fillMode: KerasFillMode;
  readonly interpolation: KerasInterpolation;
  /** Value outside, for `constant`. */
  readonly fillValue: number;
}

/**
 * The taps of affine warps as TensorFlow's `ImageProjectiveTransformV3` does them, which Keras's layers call: places
 * outside are folded back before it is interpolated, so that `wrap` repeats the last pixel instead of mixing it with the
 * first.
 *
 * @param matrices - One for each image, from output to input places.
 */
export function projectTaps(
  matrices: readonly AffineMatrix[],
  height: number,
  width: number,
  { fillMode, interpolation, fillValue }: Projection,
): Taps {
  const size = height * width;
  const isBilinear = interpolation === 'bilinear';
  const tapCount = isBilinear ? 4 : 1;
  const places = Array.from({ length: tapCount }, () => new Int32Array(matrices.length * size));
  const shares = Array.from({ length: tapCount }, () => new Float32Array(matrices.length * size));
  const added =
    fillMode === 'constant' && fillValue !== 0 ? new Float32Array(matrices.length * size) : undefined;

  function tap(index: number, at: number, image: number, x: number, y: number, share: number): void {
    if (x >= 0 && x < width && y >= 0 && y < height) {
      places[index]![at] = image * size + y * width + x;
      shares[index]![at] = share;
    } else if (added) added[at]! += share * fillValue;
  }

  for (const [image, [a, b, c, d, e, f]] of matrices.entries()) {
    let at = image * size;
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++, at++) {
        const x = foldBack(a * column + b * row + c, width, fillMode);
        const y = foldBack(d * column + e * row + f, height, fillMode);
        if (isBilinear) {
          const [left, top] = [Math.floor(x), Math.floor(y)];
          const [right, down] = [x - left, y - top];
          tap(0, at, image, left, top, (1 - right) * (1 - down));
          tap(1, at, image, left + 1, top, right * (1 - down));
          tap(2, at, image, left, top + 1, (1 - right) * down);
          tap(3, at, image, left + 1, top + 1, right * down);
        } else tap(0, at, image, roundAwayFromZero(x), roundAwayFromZero(y), 1);
      }
    }
  }
  return { height, width, places, shares, added };
}

/** The place inside `[0, size - 1]` whose value stands for one outside; `constant` leaves it outside. */
function foldBack(place: number, size: number, mode: KerasFillMode): number {
  if (mode === 'constant') return place;
  let inside = place;
  if (mode === 'reflect') {
    inside = place - 2 * size * Math.floor(place / (2 * size));
    if (inside >= size) inside = 2 * size - 1 - inside;
  } else if (mode === 'wrap' && size > 1) {
    if (place < 0) inside += size * (Math.trunc(-place / (size - 1)) + 1);
    else if (place > size - 1) inside -= size * Math.trunc(place / (size - 1));
  }
  return Math.min(size - 1, Math.max(0, inside));
}

/** As C's `round` does. */
function roundAwayFromZero(value: number): number {
  return Math.sign(value) * Math.floor(Math.abs(value) + 0.5);
}
