import type { BrierParts } from 'xray-core';
import { checkProbabilityScores } from '../checks/check-scores.js';
import { mean } from '../statistics/mean.js';
import { type BinOptions, binProbabilities } from './bins.js';
import { squaredErrors } from './brier.js';

/**
 * Divides the Brier score into what calibration could save (reliability), what the model tells apart (resolution) and
 * what the data make hard (uncertainty): brier = reliability - resolution + uncertainty + withinBins. The last part is
 * what binning hides; it is 0 if the images of a bin have equal probabilities.
 *
 * @param labels - `[n]`, 0 for negative, 1 for positive.
 * @param probabilities - `[n]`, of the positive class, in `[0, 1]`.
 * @returns Plain JSON.
 * @throws {InvalidArgumentError} If lengths differ, there is no label, or a value or an option is out of range.
 *
 * @see Murphy 1973, A new vector partition of the probability score, doi:10.1175/1520-0450(1973)012<0595:ANVPOT>2.0.CO;2
 * @see Stephenson, Coelho & Jolliffe 2008, Two extra components in the Brier score decomposition,
 *   doi:10.1175/2007WAF2006116.1
 */
export function brierDecomposition(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  options: BinOptions = {},
): BrierParts {
  checkProbabilityScores(labels, probabilities);
  const count = labels.length;
  const prevalence = mean(labels)!;
  let reliability = 0;
  let resolution = 0;
  for (const bin of binProbabilities(labels, probabilities, options)) {
    const observed = bin.positives / bin.count;
    reliability += (bin.count * (bin.probabilitySum / bin.count - observed) ** 2) / count;
    resolution += (bin.count * (observed - prevalence) ** 2) / count;
  }
  const uncertainty = prevalence * (1 - prevalence);
  const brier = mean(squaredErrors(labels, probabilities))!;
  return {
    brier,
    reliability,
    resolution,
    uncertainty,
    withinBins: brier - reliability + resolution - uncertainty,
  };
}
