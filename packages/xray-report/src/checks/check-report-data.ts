import type { ReportData } from '../report-data.js';
import { audit } from './check-audit.js';
import { checkLength, evaluation } from './check-evaluation.js';
import {
  count,
  finite,
  imageUri,
  json,
  listOf,
  nullable,
  objectOf,
  oneOf,
  optional,
  recordOf,
  reject,
  share,
  side,
  text,
} from './check-values.js';

const size = listOf(side);

const dataset = objectOf({
  description: optional(text),
  classNames: listOf(text, 2),
  splits: listOf(
    objectOf({ name: text, imageCounts: listOf(count), patientCount: optional(nullable(count)) }),
    1,
  ),
  samples: optional(
    listOf(
      objectOf({
        label: text,
        before: imageUri,
        after: imageUri,
        beforeSize: size,
        afterSize: optional(size),
        name: optional(text),
      }),
    ),
  ),
});

const layer = objectOf({
  name: text,
  type: text,
  outputShape: listOf(nullable(side), 1),
  parameters: count,
  trainableParameters: count,
  detail: optional(text),
  group: optional(text),
});

const model = objectOf({
  name: text,
  description: optional(text),
  inputShape: optional(listOf(side, 1)),
  layers: listOf(layer, 1),
});

const training = objectOf({
  description: optional(text),
  epochs: listOf(recordOf(nullable(finite)), 1),
  bestEpoch: optional(count),
  monitor: optional(text),
  stopReason: optional(oneOf('completed', 'early-stopping', 'stopped')),
});

const reportData = objectOf({
  title: text,
  summary: text,
  notes: optional(
    listOf(objectOf({ kind: oneOf('info', 'warning'), text, details: optional(listOf(text)) })),
  ),
  data: optional(dataset),
  audit: optional(objectOf({ audit, thumbnails: optional(recordOf(imageUri)) })),
  model: optional(model),
  training: optional(training),
  evaluations: optional(
    listOf(
      objectOf({
        name: text,
        evaluation,
        roc: optional(objectOf({ falsePositiveRate: listOf(share, 2), truePositiveRate: listOf(share, 2) })),
      }),
    ),
  ),
  mistakes: optional(
    listOf(
      objectOf({
        image: imageUri,
        trueLabel: text,
        predictedLabel: text,
        probability: share,
        name: optional(text),
      }),
    ),
  ),
  run: optional(recordOf(json)),
});

/**
 * Checks data that may come from a file: first every field alone, then what must agree with each other.
 *
 * @throws {InvalidArgumentError} Naming the field, for example `report.data.splits[1].imageCounts`.
 */
export function checkReportData(report: ReportData): void {
  reportData(report, 'report');
  checkDataset(report.data);
  checkModel(report.model);
  checkTraining(report.training);
  checkEvaluations(report.evaluations);
}

function checkDataset(data: ReportData['data']): void {
  if (data === undefined) return;
  data.splits.forEach((split, index) => {
    checkLength(
      split.imageCounts,
      data.classNames.length,
      `report.data.splits[${index}].imageCounts`,
      'count',
    );
  });
  checkUnique(data.splits, 'report.data.splits');
  data.samples?.forEach((sample, index) => {
    for (const field of ['beforeSize', 'afterSize'] as const) {
      const value: readonly number[] | undefined = sample[field];
      if (value !== undefined && value.length !== 2) {
        reject(`report.data.samples[${index}].${field}`, '[height, width] in pixels', value);
      }
    }
  });
}

function checkModel(model: ReportData['model']): void {
  if (model === undefined) return;
  model.layers.forEach(({ parameters, trainableParameters }, index) => {
    if (trainableParameters > parameters) {
      const path = `report.model.layers[${index}].trainableParameters`;
      reject(path, `at most \`parameters\` (${parameters})`, trainableParameters);
    }
  });
}

function checkTraining(training: ReportData['training']): void {
  const { bestEpoch, epochs } = training ?? {};
  if (bestEpoch !== undefined && epochs !== undefined && bestEpoch >= epochs.length) {
    const fix = 'Epochs count from 0.';
    reject('report.training.bestEpoch', `below the number of epochs (${epochs.length})`, bestEpoch, fix);
  }
}

function checkEvaluations(evaluations: ReportData['evaluations']): void {
  if (evaluations === undefined) return;
  checkUnique(evaluations, 'report.evaluations');
  evaluations.forEach(({ roc }, index) => {
    if (roc !== undefined && roc.truePositiveRate.length !== roc.falsePositiveRate.length) {
      const path = `report.evaluations[${index}].roc.truePositiveRate`;
      const expected = `as long as falsePositiveRate (${roc.falsePositiveRate.length})`;
      reject(path, expected, roc.truePositiveRate);
    }
  });
}

function checkUnique(items: readonly { readonly name: string }[], path: string): void {
  const seen = new Set<string>();
  items.forEach(({ name }, index) => {
    if (seen.has(name)) reject(`${path}[${index}].name`, 'different from the names before it', name);
    seen.add(name);
  });
}
