import { type ConfusionMatrix, checkMatrix } from './confusion-matrix.js';
import { mccOf } from './matrix-scores.js';

/**
 * Matthews correlation coefficient: the correlation between truth and decision, 1 for perfect, 0 for no better
 * than chance, negative for worse. Two classes give Matthews' own formula, more give Gorodkin's R_K:
 *
 *     (c n - Σ t_k p_k) / sqrt((n² - Σ p_k²) (n² - Σ t_k²))
 *
 * with n images, c of them correct, t_k of true class k and p_k taken for class k.
 *
 * @param matrix - `[true class][predicted class]`, any number of classes.
 * @returns In `[-1, 1]`; 0 where the denominator is 0 (one class only on either side), as in scikit-learn.
 * @throws {InvalidArgumentError} If `matrix` is not a square table of counts with at least one image.
 *
 * @see Matthews 1975, doi:10.1016/0005-2795(75)90109-9
 * @see Gorodkin 2004, doi:10.1016/j.compbiolchem.2004.09.006
 */
export function mcc(matrix: ConfusionMatrix): number {
  checkMatrix(matrix);
  return mccOf(matrix);
}
