import { BundleError } from '../bundle/bundle-metadata.js';

/**
 * How far the features of an image may lie from those of the training images: a Gaussian over what the last layer sees. Plain JSON
 * in the metadata of a bundle; `fitFamiliarity` makes it.
 */
export interface Familiarity {
  /** Number of features. */
  readonly size: number;
  /** float32 `[size]`, base64: the mean of the training images. */
  readonly mean: string;
  /** float32, base64: lower triangle of the Cholesky factor of the covariance, row by row. */
  readonly factor: string;
  /** Distances from here up are those of images that the model was not made for. */
  readonly threshold: number;
  /** Share of validation images, as they are and under mild and medium shifts, below the threshold. */
  readonly share: number;
}

/** A Gaussian with numbers instead of text. */
export interface FeatureGaussian {
  /** `[size]` */
  readonly mean: Float32Array;
  /** `[size * (size + 1) / 2]` */
  readonly factor: Float32Array;
}

/**
 * Mahalanobis distance, squared and divided by the number of features: about 1 for images like those of training.
 *
 * @param features - `[size]`
 * @see Lee et al. 2018, A simple unified framework for detecting out-of-distribution samples, arXiv:1807.03888
 */
export function distanceOf({ mean, factor }: FeatureGaussian, features: ArrayLike<number>): number {
  const size = mean.length;
  const solved = new Float64Array(size);
  let sum = 0;
  for (let row = 0, at = 0; row < size; row++) {
    let value = features[row]! - mean[row]!;
    for (let column = 0; column < row; column++) value -= factor[at++]! * solved[column]!;
    value /= factor[at++]!;
    solved[row] = value;
    sum += value * value;
  }
  return sum / size;
}

/** @throws {BundleError} If numbers are missing or useless. */
export function readFamiliarity(familiarity: Familiarity): FeatureGaussian {
  const { size, threshold } = familiarity;
  const mean = floatsOf(familiarity.mean);
  const factor = floatsOf(familiarity.factor);
  const isWhole =
    mean.length === size &&
    factor.length === (size * (size + 1)) / 2 &&
    [...mean, ...factor].every(Number.isFinite) &&
    Array.from({ length: size }, (_, row) => factor[((row + 1) * (row + 2)) / 2 - 1]!).every(
      (value) => value > 0,
    );
  if (isWhole && threshold > 0) return { mean, factor };
  throw new BundleError('has a damaged `familiarity`', 'Leave it out, or fit it anew with `fitFamiliarity`.');
}

/** float32 values as base64, in little endian order. */
export function textOf(values: Float32Array): string {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    view.setFloat32(4 * index, value, true);
  });
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

function floatsOf(text: string): Float32Array {
  let bytes: string;
  try {
    bytes = atob(text);
  } catch {
    return new Float32Array(); // of a wrong length, as the caller finds
  }
  const view = new DataView(Uint8Array.from(bytes, (character) => character.charCodeAt(0)).buffer);
  return Float32Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) =>
    view.getFloat32(4 * index, true),
  );
}
