import { type ConfusionMatrix, checkMatrix } from './confusion-matrix.js';
import { balancedAccuracyOf } from './matrix-scores.js';

/**
 * Balanced accuracy: mean recall over the classes; with two classes the mean of sensitivity and specificity.
 * Guessing scores 1 / classes however unbalanced the data.
 *
 * @param matrix - `[true class][predicted class]`, any number of classes.
 * @returns In `[0, 1]`, or `null` if a class has no images (scikit-learn averages over the others).
 * @throws {InvalidArgumentError} If `matrix` is not a square table of counts with at least one image.
 *
 * @see Brodersen et al. 2010, The balanced accuracy and its posterior distribution, doi:10.1109/ICPR.2010.764
 */
export function balancedAccuracy(matrix: ConfusionMatrix): number | null {
  checkMatrix(matrix);
  return balancedAccuracyOf(matrix);
}
