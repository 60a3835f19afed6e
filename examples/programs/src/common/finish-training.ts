import { type ClassList, type Evaluation, type Predictions, throwIfAborted } from 'xray-core';
import type { PixelStore, Splits } from 'xray-dataset';
import { formatClassificationReport, predictionsToCsv } from 'xray-metrics';
import {
  describeModel,
  type ModelBundle,
  NOT_A_MEDICAL_DEVICE,
  recordSeenImages,
  saveBundle,
} from 'xray-models';
import { modelFolder } from 'xray-node-gpu';
import { createReport, type JsonValue, type ReportNote } from 'xray-report';
import type { MonitoredValue, PhasesResult, TrainResult } from 'xray-train';
import { AUGMENTATION_WORDS } from './augmentations.js';
import type { TrainingFlags } from './flags.js';
import type { Dataset } from './load-dataset.js';
import { countPatients, sharedPatientNotes, unknownPatientNotes } from './patient-notes.js';
import { peakMemoryMegabytes } from './peak-memory.js';
import type { Recipe } from './recipes.js';
import { datasetPart, evaluationPart, mistakesPart, pixelNotes } from './report-parts.js';
import { commandLine, machineFacts, programName } from './run-facts.js';
import { historyCsv, type RunFolder, type RunSettings } from './run-folder.js';
import type { ProgramContext } from './run-program.js';
import { namedPixels } from './seen-images.js';

/** Everything a training example has in hand when it is done. */
export interface FinishedTraining {
  readonly title: string;
  readonly architecture: string;
  readonly flags: TrainingFlags;
  readonly recipe: Recipe;
  readonly keepWeights: 'best' | 'last';
  readonly monitor: MonitoredValue;
  readonly classList: ClassList;
  readonly dataset: Dataset;
  readonly splits: Splits;
  readonly isTestCarved: boolean;
  readonly store: PixelStore;
  readonly model: ModelBundle['model'];
  readonly result: TrainResult | PhasesResult;
  readonly validation: { readonly predictions: Predictions; readonly evaluation: Evaluation };
  readonly test: { readonly predictions: Predictions; readonly evaluation: Evaluation };
  readonly settings: RunSettings;
  /** When the run began, in ISO 8601; before the first interruption, if there was one. */
  readonly started: string;
}

/** Writes the bundle, the tables, the evaluation and the report, and prints the result. */
export async function finishTraining(
  context: ProgramContext,
  folder: RunFolder,
  training: FinishedTraining,
): Promise<void> {
  const { test, result, flags } = training;
  throwIfAborted(context.signal, 'Training');
  const facts = runFacts(context, training);
  await saveBundle(await bundleOf(training, facts), modelFolder(folder.file('model')));
  await folder.writeText('history.csv', historyCsv(result.history));
  await folder.writeText(
    'predictions.csv',
    predictionsToCsv(test.predictions, { threshold: test.evaluation.threshold }),
  );
  await folder.writeJson('evaluation.json', test.evaluation);
  await folder.writeText('report.html', await reportOf(training, facts));
  await folder.writeJson('run.json', { status: 'finished', ...facts });

  console.log(formatClassificationReport(test.evaluation));
  context.say(`\nTook ${Math.round(process.uptime())} s. ${NOT_A_MEDICAL_DEVICE}`);
  context.say(`Report: ${folder.file('report.html')}`);
  if (flags.data === undefined) {
    context.say(
      `These were synthetic images. With your own: npx -y pnpm@12.21.0 example ${programName()} --data <folder>\n` +
        '(a folder per class, such as NORMAL and PNEUMONIA, or train, val and test folders with these inside)',
    );
  }
}

function runFacts({ device }: ProgramContext, training: FinishedTraining) {
  const { flags, settings, started, splits, result } = training;
  return {
    command: commandLine(),
    settings,
    seed: flags.seed,
    started,
    trainingSeconds: Math.round(result.history.reduce((sum, { seconds }) => sum + seconds, 0)),
    lastProcessSeconds: Math.round(process.uptime()),
    ...machineFacts(device),
    data: training.dataset.name,
    dataSha256: settings.dataSha256,
    split: {
      ...splits.method,
      testCarvedByPatient: training.isTestCarved,
      ...(splits.sharedPatients && {
        sharedPatients: {
          ...splits.sharedPatients,
          dropped: splits.sharedPatients.dropped.length,
        },
      }),
    },
    patients: countPatients(training.dataset.samples) ?? 'unknown',
    doubtfulImages: new Set(training.store.warnings.map(({ id }) => id)).size,
    ...(training.store.bitsStored && { bitsStored: training.store.bitsStored }),
    epochs: result.history.length,
    bestEpoch: result.bestEpoch + 1,
    stopped: result.reason,
    optimizerSteps: result.steps,
    inputStallShare: Number(inputStallShare(result).toFixed(4)),
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

async function bundleOf(training: FinishedTraining, facts: RunFacts): Promise<ModelBundle> {
  const { model, architecture, classList, store, splits, test, validation } = training;
  const { height, width, channels, rule, bitsStored } = store;
  const { auroc, accuracy, sensitivity, specificity, intervals } = test.evaluation;
  return {
    model,
    metadata: {
      architecture,
      classList,
      input: { height, width, channels, resize: rule, ...(bitsStored && { bitsStored }) },
      threshold: { value: validation.evaluation.threshold, rule: validation.evaluation.thresholdRule },
      training: facts,
      seenImages: await recordSeenImages({
        train: namedPixels(store, splits.train),
        validation: namedPixels(store, splits.validation),
      }),
      metrics: { split: 'test', auroc, accuracy, sensitivity, specificity, intervals },
      license: 'NOASSERTION',
      notice: `${NOT_A_MEDICAL_DEVICE} Trained on: ${training.dataset.description}`,
    },
  };
}

async function reportOf(training: FinishedTraining, facts: RunFacts): Promise<string> {
  const { title, flags, classList, dataset, splits, store, model, result, test, validation } = training;
  return createReport({
    title,
    summary: `Trained for ${result.history.length} epochs on ${splits.train.length} images. ${dataset.description}`,
    notes: notesOf(training),
    data: await datasetPart({
      description: dataset.description,
      classList,
      splits,
      store,
      decode: dataset.decodeOriginal,
    }),
    model: describeModel(model),
    training: {
      description: `${training.recipe.describe(flags)}, batches of ${flags.batchSize}, ${AUGMENTATION_WORDS[flags.augmentation]}.${describePhases(result)}`,
      epochs: result.history.map((logs) => ({ ...logs })),
      ...(training.keepWeights === 'last' ? {} : { bestEpoch: result.bestEpoch, monitor: training.monitor }),
      stopReason: result.reason,
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

function notesOf({ flags, dataset, splits, isTestCarved, store }: FinishedTraining): ReportNote[] {
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
      text: `The data has no test side: ${flags.testShare * 100} % of the images were carved out as one${countPatients(dataset.samples) === null ? '' : ', whole patients'}, before anything else was split.`,
    });
  }
  if (flags.split !== undefined) {
    notes.push({ kind: 'info', text: `The split is that of ${flags.split}.` });
  }
  if (flags.asPublished) {
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
