import { checkLabels, checkLength } from '../checks/check-labels.js';
import { checkChoice } from '../checks/check-options.js';
import { binomialCdf } from '../statistics/distributions.js';
import { logGamma } from '../statistics/gamma.js';
import type { PairedTest } from './paired-result.js';

/** Options of `mcnemarTest`. */
export interface McnemarOptions {
  /**
   * - `mid-p`: counts half of the observed outcome; keeps the error rate close to the nominal one.
   * - `exact`: the binomial test, never above the nominal error rate, and with less power for it.
   *
   * @default 'mid-p'
   */
  readonly method?: 'mid-p' | 'exact' | undefined;
}

/** What `mcnemarTest` gives; `first` and `second` are accuracies. */
export interface McnemarTest extends PairedTest {
  /** In `[0, 1]`; 1 if the models are right on the same images. */
  readonly pValue: number;
  /** Images that only the first model got right. */
  readonly onlyFirst: number;
  /** Images that only the second model got right. */
  readonly onlySecond: number;
}

/**
 * Tests whether two models are right equally often on the same images, by those on which exactly one of them is:
 * McNemar's test. For sensitivity or specificity, pass the images of one class alone. Images count as independent; with
 * several of a patient, use `permutationTest` or `bootstrapTest`.
 *
 * @param labels - `[n]`, true class indices.
 * @param firstPredicted - `[n]`, class indices that the first model decided for.
 * @param secondPredicted - `[n]`, class indices that the second model decided for.
 * @throws {InvalidArgumentError} If lengths differ, there is no label, a value is not a class index, or the method
 *   is unknown.
 *
 * @see McNemar 1947, doi:10.1007/BF02295996
 * @see Fagerland, Lydersen & Laake 2013, doi:10.1186/1471-2288-13-91 (mid-p against exact)
 */
export function mcnemarTest(
  labels: ArrayLike<number>,
  firstPredicted: ArrayLike<number>,
  secondPredicted: ArrayLike<number>,
  options: McnemarOptions = {},
): McnemarTest {
  const { method = 'mid-p' } = options;
  checkChoice('method', method, ['mid-p', 'exact']);
  checkLength('firstPredicted', firstPredicted, labels);
  checkLength('secondPredicted', secondPredicted, labels);
  const any = Number.MAX_SAFE_INTEGER;
  checkLabels('labels', labels, any);
  checkLabels('firstPredicted', firstPredicted, any);
  checkLabels('secondPredicted', secondPredicted, any);
  let both = 0;
  let onlyFirst = 0;
  let onlySecond = 0;
  for (let image = 0; image < labels.length; image++) {
    const firstIsRight = firstPredicted[image] === labels[image];
    const secondIsRight = secondPredicted[image] === labels[image];
    if (firstIsRight && secondIsRight) both++;
    else if (firstIsRight) onlyFirst++;
    else if (secondIsRight) onlySecond++;
  }
  const first = (both + onlyFirst) / labels.length;
  const second = (both + onlySecond) / labels.length;
  const pValue = pValueOf(Math.min(onlyFirst, onlySecond), onlyFirst + onlySecond, method);
  return {
    first,
    second,
    difference: (onlyFirst - onlySecond) / labels.length,
    pValue,
    onlyFirst,
    onlySecond,
  };
}

function pValueOf(fewer: number, discordant: number, method: 'mid-p' | 'exact'): number {
  const exact = 2 * binomialCdf(fewer, discordant, 0.5);
  if (method === 'exact') return Math.min(1, exact);
  const logChoose = logGamma(discordant + 1) - logGamma(fewer + 1) - logGamma(discordant - fewer + 1);
  return Math.min(1, exact - Math.exp(logChoose - discordant * Math.LN2));
}
