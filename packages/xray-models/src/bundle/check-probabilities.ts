import { BundleError } from './bundle-metadata.js';

/**
 * A broken model must not pass for one that sees no pneumonia. Half-precision models are within the tolerance.
 *
 * @throws {BundleError} If the values are negative, NaN, or do not sum to 1.
 */
export function checkProbabilities(row: readonly number[], image: number): void {
  const sum = row.reduce((total, value) => total + value, 0);
  if (row.every((value) => value >= 0) && Math.abs(sum - 1) <= 1e-3) return;
  throw new BundleError(
    `gives [${row.join(', ')}] for image ${image}, which are no probabilities of classes`,
    'Its weights are broken, or it gives logits: `importModel` and `adaptModel` put a softmax or sigmoid behind it with `logits: true`.',
  );
}
