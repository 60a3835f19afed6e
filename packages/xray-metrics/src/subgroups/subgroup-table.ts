import type { Estimate, NormalEstimate, Predictions } from 'xray-core';
import { type OptionNames, refuseUnknownOptions } from 'xray-core';
import { checkLength } from '../checks/check-labels.js';
import { type ConfidenceOptions, tailOf } from '../checks/check-options.js';
import { delongInterval } from '../discrimination/delong-interval.js';
import { checkThreshold } from '../evaluation/metric.js';
import { checkClusters } from '../intervals/clusters.js';
import { wilsonInterval } from '../intervals/wilson-interval.js';
import { decidedLabels, pneumoniaScores, twoClassLabels } from '../two-class-view.js';
import { type DifferenceTest, testEstimates, testShares } from './difference-tests.js';
import { type EffectiveCounts, effectiveCounts } from './effective-counts.js';

const OPTIONS: OptionNames<SubgroupOptions> = {
  threshold: true,
  confidenceLevel: true,
};

/** Options of `subgroupTable`. */
export interface SubgroupOptions extends ConfidenceOptions {
  /** Of the pneumonia score, for sensitivity and specificity. @default 0.5 */
  readonly threshold?: number | undefined;
}

/** The numbers of one group; `null` where undefined. */
export interface Subgroup {
  readonly group: string;
  readonly sampleCount: number;
  /** `null` without patient ids. */
  readonly patientCount: number | null;
  /** Images that are positive in the two-class view. */
  readonly positives: number;
  /** Share of images whose class at the threshold is the true one. */
  readonly accuracy: Estimate;
  readonly sensitivity: Estimate | null;
  readonly specificity: Estimate | null;
  readonly auroc: NormalEstimate | null;
}

/** What `subgroupTable` gives. */
export interface SubgroupTable {
  /** In alphabetical order of the groups, numbers in them by size. */
  readonly groups: readonly Subgroup[];
  /** Images without a group, which no row counts. */
  readonly unknownCount: number;
  /** Whether the groups differ; `null` where nothing can be tested. */
  readonly differences: Readonly<
    Record<'accuracy' | 'sensitivity' | 'specificity' | 'auroc', DifferenceTest | null>
  >;
}

/**
 * Measures groups of images apart, such as by age, sex, view or source, and tests whether they differ. Shares have
 * Wilson's interval and Pearson's chi-squared test, the AUROC DeLong's interval and Cochran's test. With patients, counts
 * are divided by Rao and Scott's design effect and DeLong's variance is Obuchowski's. With several columns or numbers,
 * correct the p-values: `holmCorrection`.
 *
 * @param groups - `[n]`, group of each image; `null`, `undefined` and `''` are unknown.
 * @returns Plain JSON.
 * @throws {InvalidArgumentError} If `predictions` is not consistent, lengths differ, or an option is out of range.
 *
 * @see Rao & Scott 1992, A simple method for the analysis of clustered binary data, doi:10.2307/2532311
 * @see Cochran 1954, The combination of estimates from different experiments, doi:10.2307/3001666
 *
 * @example
 * subgroupTable(predictions, sexes, { threshold }).differences.sensitivity?.pValue;
 */
export function subgroupTable(
  predictions: Predictions,
  groups: readonly (string | null | undefined)[],
  options: SubgroupOptions = {},
): SubgroupTable {
  refuseUnknownOptions('subgroupTable', options, OPTIONS);
  const { threshold = 0.5, confidenceLevel } = options;
  const { patientIds } = predictions;
  tailOf(options);
  checkThreshold('threshold', threshold);
  const truth = twoClassLabels(predictions);
  checkLength('groups', groups, truth);
  const clusters = checkClusters(patientIds, truth);
  const scores = pneumoniaScores(predictions);
  const predicted = decidedLabels(predictions, threshold);
  const members = collect(groups);

  const measured = [...members].map(([group, images]) => {
    const count = (isHit: (image: number) => boolean, isTrial: (image: number) => boolean) =>
      effectiveCounts(isHit, images.filter(isTrial), clusters);
    const isPositive = (image: number) => truth[image] === 1;
    const counts = {
      accuracy: count(
        (image) => predicted[image] === predictions.labels[image],
        () => true,
      ),
      sensitivity: count((image) => scores[image]! >= threshold, isPositive),
      specificity: count(
        (image) => scores[image]! < threshold,
        (image) => !isPositive(image),
      ),
    };
    const auroc = delongInterval(
      images.map((image) => truth[image]!),
      images.map((image) => scores[image]!),
      { confidenceLevel, patientIds: patientIds && images.map((image) => patientIds[image]!) },
    );
    const row: Subgroup = {
      group,
      sampleCount: images.length,
      patientCount: clusters ? new Set(images.map((image) => clusters[image]!)).size : null,
      positives: images.filter(isPositive).length,
      accuracy: shareOf(counts.accuracy, options)!,
      sensitivity: shareOf(counts.sensitivity, options),
      specificity: shareOf(counts.specificity, options),
      auroc,
    };
    return { row, counts };
  });

  return {
    groups: measured.map(({ row }) => row),
    unknownCount: truth.length - measured.reduce((sum, { row }) => sum + row.sampleCount, 0),
    differences: {
      accuracy: testShares(measured.map(({ counts }) => counts.accuracy)),
      sensitivity: testShares(measured.map(({ counts }) => counts.sensitivity)),
      specificity: testShares(measured.map(({ counts }) => counts.specificity)),
      auroc: testEstimates(measured.map(({ row }) => row.auroc)),
    },
  };
}

/** Images by group. */
function collect(groups: readonly (string | null | undefined)[]): Map<string, number[]> {
  const members = new Map<string, number[]>();
  groups.forEach((group, image) => {
    if (group === null || group === undefined || group === '') return;
    const images = members.get(group);
    if (images) images.push(image);
    else members.set(group, [image]);
  });
  const { compare } = new Intl.Collator('en', { numeric: true });
  return new Map([...members].sort(([left], [right]) => compare(left, right)));
}

function shareOf({ hits, trials }: EffectiveCounts, options: ConfidenceOptions): Estimate | null {
  if (trials === 0) return null;
  return { value: hits / trials, interval: wilsonInterval(Math.min(hits, trials), trials, options) };
}
