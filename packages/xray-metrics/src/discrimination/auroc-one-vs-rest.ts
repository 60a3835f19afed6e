import type { Predictions } from 'xray-core';
import { checkPredictions } from '../predictions/check-predictions.js';
import { areaUnderCurve } from './auroc.js';
import { countCumulative, type SortedScores, sortScores } from './sorted-scores.js';

/**
 * Macro one-vs-rest AUROC: for each class the AUROC of its probability against all other classes, then the plain
 * mean. Depends on class balance through the mix of "the rest", as scikit-learn's
 * `roc_auc_score(multi_class='ovr', average='macro')` does.
 *
 * @returns In `[0, 1]`, or `null` if a class has no images (scikit-learn warns and gives NaN).
 * @throws {InvalidArgumentError} If `predictions` is not consistent.
 *
 * @see Fawcett 2006, doi:10.1016/j.patrec.2005.10.010, section 9 (multi-class AUC; there weighted by prevalence)
 */
export function aurocOneVsRest(predictions: Predictions): number | null {
  checkPredictions(predictions);
  return meanArea(sortPerClass(predictions));
}

/** @internal For each class, the images sorted by their probability of it. */
export function sortPerClass({ classNames, labels, probabilities }: Predictions): SortedScores[] {
  return classNames.map((_, label) => {
    const scores = Float32Array.from(labels, (_, image) => probabilities[image * classNames.length + label]!);
    return sortScores(scores, (image) => labels[image] === label);
  });
}

/** @internal Mean area over the classes, image `i` counted `weights[i]` times. */
export function meanArea(perClass: readonly SortedScores[], weights?: ArrayLike<number>): number | null {
  let sum = 0;
  for (const sorted of perClass) {
    const area = areaUnderCurve(countCumulative(sorted, weights));
    if (area === null) return null;
    sum += area;
  }
  return sum / perClass.length;
}
