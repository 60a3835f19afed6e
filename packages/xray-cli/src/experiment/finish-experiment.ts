import { throwIfAborted } from 'xray-core';
import { predictionsToCsv, type TemperatureScaling } from 'xray-metrics';
import {
  describeModel,
  type ModelBundle,
  NOT_A_MEDICAL_DEVICE,
  recordSeenImages,
  saveBundle,
} from 'xray-models';
import { modelFolder } from 'xray-node-gpu';
import { createReport, type JsonValue, type ReportNote } from 'xray-report';
import type { PhasesResult, TrainResult } from 'xray-train';
import type { Dataset } from '../data/load-dataset.js';
import { countPatients, sharedPatientNotes, unknownPatientNotes } from '../data/patient-notes.js';
import { measureFamiliarity } from '../evaluation/measure-familiarity.js';
import { namedPixels } from '../evaluation/seen-images.js';
import { AUGMENTATION_WORDS } from '../recipes/augmentations.js';
import { describeTraining } from '../recipes/training-options.js';
import { datasetPart, evaluationPart, mistakesPart, pixelNotes } from '../reporting/report-parts.js';
import { historyCsv } from '../run-folder/history-csv.js';
import { machineFacts } from '../run-folder/run-facts.js';
import type { RunSettings } from '../run-folder/run-folder.js';
import { requestOf } from './complete-options.js';
import type { ExperimentRun } from './experiment-run.js';
import type { MeasuredSplit } from './measure-splits.js';
import { peakMemoryMegabytes } from './peak-memory.js';

/** Everything an experiment has in hand when its network is trained and measured. */
export interface FinishedExperiment {
  readonly model: ModelBundle['model'];
  readonly training: TrainResult | PhasesResult;
  readonly validation: MeasuredSplit;
  readonly test: MeasuredSplit;
  /** What was built into the model, fitted on validation. */
  readonly calibrator: TemperatureScaling | undefined;
  readonly dataset: Dataset;
  readonly isTestCarved: boolean;
  readonly settings: RunSettings;
  /** When the run began, in ISO 8601; before the first interruption, if there was one. */
  readonly started: string;
}

/** Writes the bundle, the tables, the evaluation and the report. */
export async function finishExperiment(run: ExperimentRun, finished: FinishedExperiment): Promise<void> {
  const { folder, context, options } = run;
  const { test, training } = finished;
  throwIfAborted(context.signal, 'Training');
  const facts = runFacts(run, finished);
  await saveBundle(await bundleOf(run, finished, facts), modelFolder(folder.file('model')));
  await folder.writeText('history.csv', historyCsv(training.history));
  const { threshold } = test.evaluation;
  await folder.writeText('predictions.csv', predictionsToCsv(test.predictions, { threshold }));
  await folder.writeJson('evaluation.json', test.evaluation);
  await folder.writeText('report.html', await reportOf(run, finished, facts));
  await folder.writeJson('run.json', { status: 'finished', ...facts, request: requestOf(options) });
}

function runFacts({ context, options, splits, store }: ExperimentRun, finished: FinishedExperiment) {
  const { settings, started, training, dataset } = finished;
  const { sharedPatients } = splits;
  return {
    command: options.command ?? null,
    recipe: options.recipe,
    settings,
    seed: options.seed,
    started,
    trainingSeconds: Math.round(training.history.reduce((sum, { seconds }) => sum + seconds, 0)),
    lastProcessSeconds: Math.round(process.uptime()),
    ...machineFacts(context.device),
    data: dataset.name,
    dataSha256: settings.dataSha256,
    split: {
      ...splits.method,
      testCarvedByPatient: finished.isTestCarved,
      ...(sharedPatients && {
        sharedPatients: { ...sharedPatients, dropped: sharedPatients.dropped.length },
      }),
    },
    patients: countPatients(dataset.samples) ?? 'unknown',
    doubtfulImages: new Set(store.warnings.map(({ id }) => id)).size,
    ...(store.bitsStored && { bitsStored: store.bitsStored }),
    epochs: training.history.length,
    bestEpoch: training.bestEpoch + 1,
    stopped: training.reason,
    optimizerSteps: training.steps,
    calibration: finished.calibrator ?? null,
    inputStallShare: Number(inputStallShare(training).toFixed(4)),
    peakMemoryMegabytes: peakMemoryMegabytes(),
  };
}

/** Share of the time of training in which nothing was computed because images were not there yet; by the epochs' length. */
function inputStallShare({ history }: TrainResult): number {
  const seconds = history.reduce((sum, epoch) => sum + epoch.seconds, 0);
  const stalled = history.reduce((sum, epoch) => sum + epoch.stall_share * epoch.seconds, 0);
  return seconds > 0 ? stalled / seconds : 0;
}

type RunFacts = ReturnType<typeof runFacts>;

async function bundleOf(
  { options, classList, store, splits, batches, context }: ExperimentRun,
  { model, test, validation, dataset }: FinishedExperiment,
  facts: RunFacts,
): Promise<ModelBundle> {
  const { height, width, channels, rule, bitsStored } = store;
  const { auroc, accuracy, sensitivity, specificity, intervals } = test.evaluation;
  return {
    model,
    metadata: {
      architecture: options.createModel ? model.name : options.recipe.network.kind,
      classList,
      input: { height, width, channels, resize: rule, ...(bitsStored && { bitsStored }) },
      threshold: { value: validation.evaluation.threshold, rule: validation.evaluation.thresholdRule },
      training: facts,
      seenImages: await recordSeenImages({
        train: namedPixels(store, splits.train),
        validation: namedPixels(store, splits.validation),
      }),
      familiarity: await measureFamiliarity(
        model,
        { train: batches(splits.train, true), validation: batches(splits.validation) },
        context.signal,
      ),
      metrics: { split: 'test', auroc, accuracy, sensitivity, specificity, intervals },
      license: 'NOASSERTION',
      notice: `${NOT_A_MEDICAL_DEVICE} Trained on: ${dataset.description}`,
    },
  };
}

async function reportOf(run: ExperimentRun, finished: FinishedExperiment, facts: RunFacts): Promise<string> {
  const { options, classList, splits, store } = run;
  const { dataset, model, training, test, validation } = finished;
  const { recipe } = options;
  const { keepWeights, earlyStopping } = run.training;
  return createReport({
    title: recipe.title,
    summary: `Trained for ${training.history.length} epochs on ${splits.train.length} images. ${dataset.description}`,
    notes: notesOf(run, finished),
    data: await datasetPart({
      description: dataset.description,
      classList,
      splits,
      store,
      decode: dataset.decodeOriginal,
    }),
    model: describeModel(model),
    training: {
      description: `${describeTraining(recipe)}, batches of ${recipe.training.batchSize}, ${AUGMENTATION_WORDS[recipe.augmentation]}.${describePhases(training)}`,
      epochs: training.history,
      ...(keepWeights === 'last'
        ? {}
        : { bestEpoch: training.bestEpoch, monitor: earlyStopping?.monitor ?? 'val_loss' }),
      stopReason: training.reason,
    },
    evaluations: [
      evaluationPart('test', test.predictions, test.evaluation),
      evaluationPart('validation', validation.predictions, validation.evaluation),
    ],
    mistakes: await mistakesPart(test.predictions, store, test.evaluation),
    run: facts as unknown as Record<string, JsonValue>,
  });
}

/** ` Phases: head (epochs 1 to 3), fine-tune (epochs 4 to 8), …`; nothing for a single one. */
function describePhases(result: TrainResult | PhasesResult): string {
  if (!('phases' in result) || result.phases.length < 2) return '';
  const phases = result.phases.map(({ name, firstEpoch, result: { history } }) =>
    history.length === 1
      ? `${name} (epoch ${firstEpoch + 1})`
      : `${name} (epochs ${firstEpoch + 1} to ${firstEpoch + history.length})`,
  );
  return ` Phases: ${phases.join(', ')}, each at a learning rate of its own.`;
}

function notesOf(
  { options, splits, store }: ExperimentRun,
  { dataset, isTestCarved, training, calibrator }: FinishedExperiment,
): ReportNote[] {
  const notes: ReportNote[] = [
    ...dataset.notes,
    ...unknownPatientNotes(dataset.samples),
    ...sharedPatientNotes(splits),
    ...pixelNotes(store),
  ];
  if (dataset.name === 'synthetic') {
    notes.push({ kind: 'warning', text: 'Synthetic images: the numbers say nothing about patients.' });
  }
  if (isTestCarved) {
    notes.push({
      kind: 'info',
      text: `The data has no test side: ${options.testShare * 100} % of the images were carved out as one${countPatients(dataset.samples) === null ? '' : ', whole patients'}, before anything else was split.`,
    });
  }
  if (options.split !== undefined) {
    notes.push({ kind: 'info', text: `The split is that of ${options.split}.` });
  }
  if (training.reason === 'stopped') {
    const text = `Training was stopped after ${training.history.length} of ${options.recipe.training.epochs} epochs.`;
    notes.push({ kind: 'info', text });
  }
  if (calibrator) {
    const text = `Probabilities are calibrated: logits are divided by ${calibrator.temperature.toFixed(3)}, fitted on validation.`;
    notes.push({ kind: 'info', text });
  }
  if (options.asPublished) {
    const drawn =
      splits.method.name === 'at-random'
        ? 'validation was drawn image by image, so patients are on both sides of it; '
        : '';
    notes.push({
      kind: 'warning',
      text: `As published: ${drawn}the last weights were kept; the threshold is 0.5.`,
    });
  }
  return notes;
}
