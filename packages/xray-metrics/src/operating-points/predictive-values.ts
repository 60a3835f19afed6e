import { checkShare } from '../checks/check-options.js';
import { ratio } from '../statistics/ratio.js';
import { checkPoint } from './check-point.js';

/** What a decision means where the disease is as frequent as stated; `null` where undefined. */
export interface PredictiveValues {
  readonly prevalence: number;
  /** Share of the alarms that are right. */
  readonly ppv: number | null;
  /** Share of the all-clears that are right. */
  readonly npv: number | null;
  /** Images to test for each pneumonia that is found, 1 / (prevalence * sensitivity). */
  readonly numberNeededToTest: number | null;
  /** Alarms to look at for each pneumonia that is found, 1 / ppv. */
  readonly numberNeededToEvaluate: number | null;
}

/**
 * Computes positive and negative predictive value at another prevalence than that of the data, by Bayes' theorem: in a
 * hospital's test set half of the images may be positive, where the model is to be used perhaps one in twenty.
 *
 * @param point - Sensitivity and specificity in `[0, 1]`, such as an `OperatingPoint` or an `Evaluation`.
 * @param prevalence - Share of images with the disease where the model is used, strictly between 0 and 1.
 * @throws {InvalidArgumentError} If a number is out of range or undefined.
 *
 * @see Altman & Bland 1994, Diagnostic tests 2: predictive values, doi:10.1136/bmj.309.6947.102
 *
 * @example
 * predictiveValues({ sensitivity: 0.9, specificity: 0.9 }, 0.05).ppv; // 0.321...
 */
export function predictiveValues(
  point: { readonly sensitivity: number | null; readonly specificity: number | null },
  prevalence: number,
): PredictiveValues {
  const { sensitivity, specificity } = checkPoint(point);
  checkShare('prevalence', prevalence);
  const truePositives = sensitivity * prevalence;
  const falsePositives = (1 - specificity) * (1 - prevalence);
  const trueNegatives = specificity * (1 - prevalence);
  const falseNegatives = (1 - sensitivity) * prevalence;
  return {
    prevalence,
    ppv: ratio(truePositives, truePositives + falsePositives),
    npv: ratio(trueNegatives, trueNegatives + falseNegatives),
    numberNeededToTest: truePositives === 0 ? null : 1 / truePositives,
    numberNeededToEvaluate: truePositives === 0 ? null : (truePositives + falsePositives) / truePositives,
  };
}
