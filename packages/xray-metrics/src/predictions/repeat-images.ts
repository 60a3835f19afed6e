import type { Predictions } from 'xray-core';

/** @internal Predictions in which image `i` occurs `weights[i]` times, in the same order. */
export function repeatImages(predictions: Predictions, weights: ArrayLike<number>): Predictions {
  const { ids, classNames, labels, probabilities } = predictions;
  const classCount = classNames.length;
  let total = 0;
  for (let image = 0; image < labels.length; image++) total += weights[image]!;
  const repeated = {
    ids: new Array<string>(total),
    labels: new Int32Array(total),
    probabilities: new Float32Array(total * classCount),
  };
  let row = 0;
  for (let image = 0; image < labels.length; image++) {
    for (let copy = 0; copy < weights[image]!; copy++, row++) {
      repeated.ids[row] = ids[image]!;
      repeated.labels[row] = labels[image]!;
      for (let label = 0; label < classCount; label++) {
        repeated.probabilities[row * classCount + label] = probabilities[image * classCount + label]!;
      }
    }
  }
  const { patientIds: _, ...others } = predictions; // a patient of a resample is not one of the data
  return { ...others, ...repeated };
}
