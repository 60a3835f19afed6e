import { createRandom, type OptionNames, type Predictions, refuseUnknownOptions } from 'xray-core';
import type { ScoreName } from '../evaluation/measure.js';
import { type Metric, weighMetric } from '../evaluation/metric.js';
import { checkResamples, countClusters, repeat } from '../intervals/resample-clusters.js';
import { pneumoniaScores } from '../two-class-view.js';
import { type PairedOptions, preparePair } from './paired-options.js';
import type { PairedTest } from './paired-result.js';

const OPTIONS: OptionNames<PairedOptions> = {
  firstThreshold: true,
  secondThreshold: true,
  seed: true,
  resamples: true,
  signal: true,
  onProgress: true,
};

/** Numbers of the two-class decision. */
const DECISION_SCORES: readonly ScoreName[] = [
  'sensitivity',
  'specificity',
  'ppv',
  'npv',
  'f1',
  'mcc',
  'balancedAccuracy',
];

/**
 * Tests whether two models are equally good by any metric: if they were, exchanging their predictions of a patient at
 * random would change nothing but luck. Of all images of a patient at once, for every patient with a chance of one half;
 * the p-value is the share of exchanges whose difference is at least as large, both counted with one more.
 *
 * Probabilities are exchanged as they are, so models whose scores lie on different scales should be calibrated first
 * for metrics of the ranking. For metrics of a decision, the decisions are exchanged.
 *
 * @param first - Predictions of the first model.
 * @param second - Of the second, of the same images in the same order (`alignPredictions`).
 * @param metric - Name of a number, or a function of predictions.
 * @param options - `resamples` is the number of exchanges.
 * @throws {ClassMismatchError} If the class names differ.
 * @throws {InvalidArgumentError} If the images differ, the metric is undefined, or an option is out of range.
 * @throws {AbortedError} If the signal fires.
 *
 * @see Good 2005, Permutation, Parametric, and Bootstrap Tests of Hypotheses, chapter 3 (matched pairs)
 * @see Phipson & Smyth 2010, Permutation p-values should never be zero, doi:10.2202/1544-6115.1585
 */
export async function permutationTest(
  first: Predictions,
  second: Predictions,
  metric: Metric,
  options: PairedOptions,
): Promise<PairedTest & { readonly pValue: number }> {
  refuseUnknownOptions('permutationTest', options, OPTIONS);
  const { seed, resamples = 1000 } = options;
  checkResamples('resamples', resamples);
  const { clusters, thresholds, ...pair } = preparePair(first, second, metric, options);
  const isDecision = typeof metric === 'string' && DECISION_SCORES.includes(metric);
  const sources = isDecision
    ? ([decide(first, thresholds[0]), decide(second, thresholds[1])] as const)
    : ([first, second] as const);
  const random = createRandom(seed).stream('permutation');
  const isExchanged = new Uint8Array(countClusters(clusters));
  const mixed = [copyOf(sources[0]), copyOf(sources[1])] as const;
  // Rounding must not make equal differences differ.
  const least = Math.abs(pair.difference) * (1 - 1e-12) - 1e-15;
  let asLarge = 0;
  await repeat(resamples, options, () => {
    for (let cluster = 0; cluster < isExchanged.length; cluster++)
      isExchanged[cluster] = random.integer(0, 2);
    exchange(sources, mixed, (image) => isExchanged[clusters[image]!] === 1);
    const one = weighMetric(mixed[0], metric, 0.5)();
    const other = weighMetric(mixed[1], metric, 0.5)();
    // An exchange that leaves the metric undefined cannot speak against chance.
    if (one === null || other === null || Math.abs(one - other) >= least) asLarge++;
  });
  return {
    first: pair.first,
    second: pair.second,
    difference: pair.difference,
    pValue: (asLarge + 1) / (resamples + 1),
  };
}

const copyOf = (predictions: Predictions): Predictions => ({
  ...predictions,
  probabilities: predictions.probabilities.slice(),
});

/** Predictions that are as sure of the two-class decision as can be. */
function decide(predictions: Predictions, threshold: number): Predictions {
  const classCount = predictions.classNames.length;
  const probabilities = new Float32Array(predictions.probabilities.length);
  pneumoniaScores(predictions).forEach((score, image) => {
    probabilities[image * classCount + (score >= threshold ? 1 : 0)] = 1;
  });
  return { ...predictions, probabilities };
}

function exchange(
  [first, second]: readonly [Predictions, Predictions],
  [one, other]: readonly [Predictions, Predictions],
  isExchanged: (image: number) => boolean,
): void {
  const classCount = first.classNames.length;
  for (let image = 0; image < first.labels.length; image++) {
    const [from, to] = isExchanged(image) ? [second, first] : [first, second];
    for (let at = image * classCount; at < (image + 1) * classCount; at++) {
      one.probabilities[at] = from.probabilities[at]!;
      other.probabilities[at] = to.probabilities[at]!;
    }
  }
}
