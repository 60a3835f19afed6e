import { InvalidArgumentError } from 'xray-core';
import { distanceOf, type Familiarity, textOf } from './familiarity.js';

/** Added to the covariance, as a share of the mean variance: with few images it could not be inverted. */
const SHRINKAGE = 0.05;

/** Features of many images, one after the other. */
export interface ImageFeatures {
  /** `[images * size]` */
  readonly values: Float32Array;
  /** Features of an image. */
  readonly size: number;
}

/**
 * Fits what tells images that a model was not made for: the mean and covariance of features of training images, and the distance
 * below which nearly all validation images lie.
 *
 * @param train - Features of training images, from `lastFeatures`.
 * @param validation - Of other images: as they are, and as those from elsewhere differ, so that these are not called foreign.
 * @param share - Of the validation images that lie below the threshold. @default 0.99
 * @throws {InvalidArgumentError} If there are fewer than two training images or no others, the sizes differ, or a value is not
 *   finite.
 */
export function fitFamiliarity(train: ImageFeatures, validation: ImageFeatures, share = 0.99): Familiarity {
  const { size, values } = train;
  const count = values.length / size;
  const isRight =
    count >= 2 &&
    validation.size === size &&
    validation.values.length > 0 &&
    share > 0 &&
    share < 1 &&
    values.every(Number.isFinite) &&
    validation.values.every(Number.isFinite);
  if (!isRight) {
    throw new InvalidArgumentError({
      argument: 'train and validation',
      expected: 'finite features of the same size, of two training images or more and one other or more',
      received: { size, images: count, validationSize: validation.size, share },
    });
  }
  const mean = new Float32Array(size);
  for (let feature = 0; feature < size; feature++) {
    let sum = 0;
    for (let at = feature; at < values.length; at += size) sum += values[at]!;
    mean[feature] = sum / count;
  }
  const factor = choleskyOf(covarianceOf(train, mean), size);
  const gaussian = { mean, factor };
  const distances = Float64Array.from({ length: validation.values.length / size }, (_, image) =>
    distanceOf(gaussian, validation.values.subarray(image * size, (image + 1) * size)),
  ).sort();
  const threshold = distances[Math.min(distances.length - 1, Math.ceil(share * distances.length))]!;
  return { size, mean: textOf(mean), factor: textOf(factor), threshold, share };
}

/** Lower triangle, row by row, shrunk towards equal variances. */
function covarianceOf({ values, size }: ImageFeatures, mean: Float32Array): Float64Array {
  const covariance = new Float64Array((size * (size + 1)) / 2);
  const centered = new Float64Array(size);
  const count = values.length / size;
  for (let start = 0; start < values.length; start += size) {
    for (let feature = 0; feature < size; feature++)
      centered[feature] = values[start + feature]! - mean[feature]!;
    for (let row = 0, at = 0; row < size; row++) {
      for (let column = 0; column <= row; column++) covariance[at++]! += centered[row]! * centered[column]!;
    }
  }
  let trace = 0;
  for (let at = 0; at < covariance.length; at++) covariance[at]! /= count;
  for (let row = 0; row < size; row++) trace += covariance[diagonal(row)]!;
  const ridge = Math.max(SHRINKAGE * (trace / size), Number.EPSILON);
  for (let row = 0; row < size; row++) covariance[diagonal(row)]! += ridge;
  return covariance;
}

const diagonal = (row: number) => ((row + 1) * (row + 2)) / 2 - 1;

/** Cholesky–Banachiewicz; the ridge keeps it positive. */
function choleskyOf(matrix: Float64Array, size: number): Float32Array {
  const factor = new Float64Array(matrix.length);
  const startOf = (row: number) => (row * (row + 1)) / 2;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let value = matrix[startOf(row) + column]!;
      for (let inner = 0; inner < column; inner++)
        value -= factor[startOf(row) + inner]! * factor[startOf(column) + inner]!;
      factor[startOf(row) + column] = row === column ? Math.sqrt(value) : value / factor[diagonal(column)]!;
    }
  }
  return Float32Array.from(factor);
}
