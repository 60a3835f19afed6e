import { checkChoice } from '../checks/check-options.js';
import { type ConfusionMatrix, checkMatrix, columnSum, rowSum } from './confusion-matrix.js';

/** Options of `cohenKappa`. */
export interface CohenKappaOptions {
  /**
   * What a disagreement between class `i` and class `j` costs: the same for all (`none`), `|i - j|` (`linear`), or its
   * square (`quadratic`). The last two are for ordered classes.
   *
   * @default 'none'
   */
  readonly weights?: 'none' | 'linear' | 'quadratic' | undefined;
}

const COSTS = {
  none: (distance: number) => (distance === 0 ? 0 : 1),
  linear: (distance: number) => distance,
  quadratic: (distance: number) => distance * distance,
} as const;

/**
 * Computes Cohen's kappa: agreement beyond chance, of a model with the truth or of two readers. 1 is perfect, 0 is what
 * chance would give, negative is worse.
 *
 * @param matrix - `[first's class][second's class]` counts, any number of classes.
 * @returns At most 1, or `null` if both sides only ever name one and the same class (scikit-learn gives NaN).
 * @throws {InvalidArgumentError} If `matrix` is not a square table of counts, or the weights are unknown.
 *
 * @see Cohen 1960, doi:10.1177/001316446002000104
 * @see Cohen 1968, Weighted kappa, doi:10.1037/h0026256
 *
 * @example
 * cohenKappa(confusionMatrix(labels, predicted, 3), { weights: 'quadratic' });
 */
export function cohenKappa(matrix: ConfusionMatrix, options: CohenKappaOptions = {}): number | null {
  const { weights = 'none' } = options;
  checkChoice('weights', weights, ['none', 'linear', 'quadratic']);
  checkMatrix(matrix);
  let total = 0;
  let observed = 0;
  let expected = 0;
  for (let row = 0; row < matrix.length; row++) {
    total += rowSum(matrix, row);
    for (let column = 0; column < matrix.length; column++) {
      const cost = COSTS[weights](Math.abs(row - column));
      observed += cost * matrix[row]![column]!;
      expected += cost * rowSum(matrix, row) * columnSum(matrix, column);
    }
  }
  return expected === 0 ? null : 1 - (observed * total) / expected;
}
