import { describe, expect, it } from 'vitest';
import { createRandom } from 'xray-core';
import { randomPredictions, takeImages } from '../__fixtures__/random-predictions.js';
import { readStatistics } from '../__fixtures__/read-statistics.js';
import { evaluatePredictions } from '../evaluation/evaluate-predictions.js';
import { bootstrapInterval } from '../intervals/bootstrap-interval.js';
import { testShares } from './difference-tests.js';
import { subgroupTable } from './subgroup-table.js';

interface TableCase {
  readonly table: readonly (readonly [hits: number, misses: number])[];
  readonly pearson: readonly [statistic: number, pValue: number, degreesOfFreedom: number];
}

describe('testShares', () => {
  it.each(readStatistics<TableCase[]>('subgroups'))(
    'agrees with chi2_contingency of SciPy for $table',
    (one) => {
      const test = testShares(one.table.map(([hits, misses]) => ({ hits, trials: hits + misses })))!;
      expect([test.statistic, test.pValue, test.degreesOfFreedom]).toEqual(
        one.pearson.map((value) => expect.closeTo(value, 10)),
      );
    },
  );
});

const PREDICTIONS = randomPredictions({ seed: 6, size: 240, classCount: 3 });
const VIEWS = Array.from(PREDICTIONS.labels, (_, image) => (image % 7 === 0 ? '' : image % 2 ? 'PA' : 'AP'));

describe('subgroupTable', () => {
  it('has the numbers of an evaluation of each group alone', async () => {
    const { groups, unknownCount } = subgroupTable(PREDICTIONS, VIEWS, { threshold: 0.5 });
    expect(groups.map(({ group }) => group)).toEqual(['AP', 'PA']);
    expect(unknownCount).toBe(VIEWS.filter((view) => view === '').length);
    for (const row of groups) {
      const images = [...VIEWS.keys()].filter((image) => VIEWS[image] === row.group);
      const evaluation = await evaluatePredictions(takeImages(PREDICTIONS, images));
      expect(row.sampleCount).toBe(images.length);
      for (const name of ['accuracy', 'sensitivity', 'specificity'] as const) {
        expect(row[name]!.value, name).toBeCloseTo(evaluation[name]!, 12);
      }
      expect(row.auroc).toEqual(evaluation.aurocDelong);
    }
  });

  it("tests two AUROCs as two independent DeLong estimates, by their difference's z squared", () => {
    const { groups, differences } = subgroupTable(PREDICTIONS, VIEWS);
    const [one, other] = groups.map(({ auroc }) => auroc!);
    const z = (one!.value - other!.value) / Math.sqrt(one!.standardError! ** 2 + other!.standardError! ** 2);
    expect(differences.auroc!.statistic).toBeCloseTo(z ** 2, 10);
    expect(differences.auroc!.degreesOfFreedom).toBe(1);
  });

  it('learns nothing from copies of images of the same patients', () => {
    const twice = Array.from({ length: 480 }, (_, index) => index >> 1);
    const copies = { ...takeImages(PREDICTIONS, twice), patientIds: twice.map(String) };
    const plain = subgroupTable(PREDICTIONS, VIEWS);
    const groups = twice.map((image) => VIEWS[image]!);
    const clustered = subgroupTable(copies, groups);
    clustered.groups.forEach((row, index) => {
      const before = plain.groups[index]!;
      expect(row.patientCount).toBe(before.sampleCount);
      expect(row.sampleCount).toBe(2 * before.sampleCount);
      for (const name of ['accuracy', 'sensitivity', 'specificity', 'auroc'] as const) {
        expect(row[name]!.interval![0], name).toBeCloseTo(before[name]!.interval![0], 2);
        expect(row[name]!.interval![1], name).toBeCloseTo(before[name]!.interval![1], 2);
      }
    });
    for (const name of ['accuracy', 'sensitivity', 'specificity'] as const) {
      expect(clustered.differences[name]!.statistic).toBeCloseTo(plain.differences[name]!.statistic, 1);
    }
  });

  it('has intervals over patients like those of a cluster bootstrap', async () => {
    const random = createRandom(9);
    const predictions = randomPredictions({ seed: 8, size: 400, classCount: 2 });
    // Patients of 1 to 7 images of one class, so that images of a patient resemble each other in what is right.
    const order = [...predictions.labels.keys()].sort(
      (left, right) =>
        predictions.labels[left]! - predictions.labels[right]! ||
        predictions.probabilities[2 * left]! - predictions.probabilities[2 * right]!,
    );
    const sorted = takeImages(predictions, order);
    let patient = 0;
    const patientIds = order.map(() => String(random.uniform() < 0.25 ? ++patient : patient));
    const ofPatients = { ...sorted, patientIds };
    const [row] = subgroupTable(
      ofPatients,
      order.map(() => 'all'),
    ).groups;
    const resampled = await bootstrapInterval(ofPatients, 'accuracy', { seed: 1, resamples: 2000 });
    const width = resampled!.interval![1] - resampled!.interval![0];
    expect(row!.accuracy.interval![1] - row!.accuracy.interval![0]).toBeGreaterThan(0.85 * width);
    expect(row!.accuracy.interval![1] - row!.accuracy.interval![0]).toBeLessThan(1.15 * width);
  });

  it('tests nothing with one group, and says null where a class is missing', () => {
    const healthy = takeImages(
      PREDICTIONS,
      [...VIEWS.keys()].filter((image) => PREDICTIONS.labels[image] === 0),
    );
    const table = subgroupTable(
      healthy,
      healthy.ids.map(() => '65+'),
    );
    expect(table.groups[0]).toMatchObject({ positives: 0, sensitivity: null, auroc: null });
    expect(table.differences).toEqual({ accuracy: null, sensitivity: null, specificity: null, auroc: null });
    expect(JSON.parse(JSON.stringify(table))).toEqual(table);
    expect(() => subgroupTable(PREDICTIONS, ['PA'])).toThrow(/`groups` must be 240 values/);
  });

  it('sorts ages by number', () => {
    const ages = Array.from(VIEWS, (_, image) => ['100-', '9-17', '18-64'][image % 3]);
    const groups = subgroupTable(PREDICTIONS, ages).groups.map(({ group }) => group);
    expect(groups).toEqual(['9-17', '18-64', '100-']);
  });
});
