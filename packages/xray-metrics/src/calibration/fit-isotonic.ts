import type { Predictions } from 'xray-core';
import { sortDescending } from '../discrimination/sort-descending.js';
import { pneumoniaScores, twoClassLabels } from '../two-class-view.js';
import type { IsotonicScaling } from './calibrator.js';

/**
 * Fits isotonic regression of the truth on the pneumonia score: the rising curve with the smallest Brier score, by
 * pooling adjacent violators. More flexible than Platt scaling and with fewer than about a thousand images often too much
 * so; it makes ties, which changes the AUROC a little. Fit on validation, apply elsewhere.
 *
 * @returns Plain JSON: the ends of every level piece, between which `applyCalibrator` interpolates.
 * @throws {InvalidArgumentError} If `predictions` is not consistent.
 *
 * @see Zadrozny & Elkan 2002, doi:10.1145/775047.775151
 * @see Barlow et al. 1972, Statistical Inference under Order Restrictions (pool adjacent violators)
 */
export function fitIsotonic(predictions: Predictions): IsotonicScaling {
  const labels = twoClassLabels(predictions);
  const values = pneumoniaScores(predictions);
  const order = sortDescending(values).reverse();
  // Blocks of pooled images: first and last score, positives, images.
  const first: number[] = [];
  const last: number[] = [];
  const positives: number[] = [];
  const counts: number[] = [];
  for (let rank = 0; rank < order.length; rank++) {
    const score = values[order[rank]!]!;
    const label = labels[order[rank]!]!;
    if (last.at(-1) === score && first.at(-1) === score) {
      positives[positives.length - 1]! += label;
      counts[counts.length - 1]!++;
      const isRunning = rank + 1 < order.length && values[order[rank + 1]!] === score;
      if (isRunning) continue;
    } else {
      first.push(score);
      last.push(score);
      positives.push(label);
      counts.push(1);
      if (rank + 1 < order.length && values[order[rank + 1]!] === score) continue;
    }
    pool(last, first, positives, counts);
  }
  const scores: number[] = [];
  const probabilities: number[] = [];
  first.forEach((score, block) => {
    const probability = positives[block]! / counts[block]!;
    scores.push(score);
    probabilities.push(probability);
    if (last[block] === score) return;
    scores.push(last[block]!);
    probabilities.push(probability);
  });
  return { method: 'isotonic', scores, probabilities };
}

/** Joins the last block with those before it that are not below it. */
function pool(last: number[], first: number[], positives: number[], counts: number[]): void {
  for (let block = counts.length - 1; block > 0; block--) {
    if (positives[block - 1]! * counts[block]! < positives[block]! * counts[block - 1]!) return;
    positives[block - 1]! += positives.pop()!;
    counts[block - 1]! += counts.pop()!;
    last[block - 1] = last.pop()!;
    first.pop();
  }
}
