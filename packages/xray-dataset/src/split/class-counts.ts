import type { ClassList, Sample } from 'xray-core';
import { InvalidArgumentError, labelOf } from 'xray-core';

/**
 * Images per class, in the order of `classList.names`.
 *
 * @throws {InvalidArgumentError} If the class list does not cover a finding.
 */
export function countClasses(samples: readonly Sample[], classList: ClassList): number[] {
  const counts = classList.names.map(() => 0);
  for (const { finding, id } of samples) counts[labelOf(classList, finding, id)]!++;
  return counts;
}

/**
 * Weights that let every class count alike in the loss: `n / (classes * count)`. Their mean over all images
 * is 1.
 *
 * @param counts - Images per class, all above 0.
 * @throws {InvalidArgumentError} If a class has no images.
 *
 * @see King & Zeng, Logistic Regression in Rare Events Data, Political Analysis 9(2), 2001; the same formula as
 *   `class_weight="balanced"` of scikit-learn.
 *
 * @example
 * balancedClassWeights([100, 300]); // [2, 0.666...]
 */
export function balancedClassWeights(counts: readonly number[]): number[] {
  if (counts.length === 0 || !counts.every((count) => count > 0)) {
    throw new InvalidArgumentError({
      argument: 'counts',
      expected: 'at least one image of every class',
      received: counts,
      fix: 'Weight only classes that occur in the training side.',
    });
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => total / (counts.length * count));
}
