import { THUMBNAIL_SIDE } from './perceptual-hash.js';

/** Rows and columns of a part of the chest, as shares of the image. */
interface Field {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

const LUNG_FIELDS: readonly Field[] = [
  { top: 0.2, bottom: 0.65, left: 0.16, right: 0.36 },
  { top: 0.2, bottom: 0.65, left: 0.64, right: 0.84 },
];
const MEDIASTINUM: Field = { top: 0.2, bottom: 0.7, left: 0.44, right: 0.58 };

/**
 * @internal Mean gray level between the lung fields less the mean of both, from -255 to 255. Heart and spine absorb more
 * than air: in a frontal chest X-ray with black air it is above 0, in an inverted one below.
 *
 * @param thumbnail - uint8 `[32 * 32]`.
 */
export function lungContrast(thumbnail: Uint8Array): number {
  const [left, right] = LUNG_FIELDS.map((field) => meanOf(thumbnail, field));
  return meanOf(thumbnail, MEDIASTINUM) - (left! + right!) / 2;
}

function meanOf(thumbnail: Uint8Array, field: Field): number {
  const [top, bottom, left, right] = [field.top, field.bottom, field.left, field.right].map((share) =>
    Math.round(share * THUMBNAIL_SIDE),
  ) as [number, number, number, number];
  let sum = 0;
  for (let row = top; row < bottom; row++)
    for (let column = left; column < right; column++) sum += thumbnail[row * THUMBNAIL_SIDE + column]!;
  return sum / ((bottom - top) * (right - left));
}
