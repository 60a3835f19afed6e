import type { LayersModel } from '@tensorflow/tfjs-layers';
import { acquisitionShifts } from 'xray-augment';
import {
  type BatchSource,
  type ClassList,
  type Forward,
  type Predictions,
  type Sample,
  sha256,
  type ThresholdRule,
} from 'xray-core';
import { createBatches, formatSplit, type PixelStore, type Splits } from 'xray-dataset';
import { evaluatePredictions } from 'xray-metrics';
import {
  augmentedSource,
  type CheckpointStore,
  predict,
  type Replicas,
  type TrainOptions,
  type TrainResult,
  train,
} from 'xray-train';
import { fileCheckpoints } from 'xray-train/node';
import { adviseOnMemory } from './advise-on-memory.js';
import { AUGMENTATIONS } from './augmentations.js';
import { parseClassList } from './class-list-flag.js';
import { finishTraining } from './finish-training.js';
import type { BestEpochBy, TrainingFlags } from './flags.js';
import { noteLines } from './image-notes.js';
import { loadDataset } from './load-dataset.js';
import { measureUnderShifts } from './measure-under-shifts.js';
import { openPixels } from './open-pixels.js';
import { sharedPatientNotes, unknownPatientNotes } from './patient-notes.js';
import { type Recipe, studyRecipe } from './recipes.js';
import { patientIdsOf, pixelNotes } from './report-parts.js';
import { flagSettings, planRun, type RunFolder } from './run-folder.js';
import { type ProgramContext, runProgram } from './run-program.js';
import { checkSides, splitDataset, withoutSkipped } from './split-dataset.js';
import { fastForward, openWorkers } from './workers.js';

/** What tells one experiment from another. */
export interface Experiment {
  /** For the report, such as `Small CNN, normal or pneumonia`. */
  readonly title: string;
  /** Name in the bundle's metadata. */
  readonly architecture: string;
  readonly classList: ClassList;
  /** How it trains. @default studyRecipe */
  readonly recipe?: Recipe;
  createModel(run: ExperimentRun): LayersModel | Promise<LayersModel>;
  /** @default trainWhole */
  train?(model: LayersModel, run: ExperimentRun): Promise<TrainResult>;
}

/** What an experiment has in hand when it builds and trains its model. */
export interface ExperimentRun {
  readonly context: ProgramContext;
  readonly flags: TrainingFlags;
  readonly folder: RunFolder;
  readonly classList: ClassList;
  readonly store: PixelStore;
  readonly splits: Splits;
  /** SHA-256 of the decoded pixels. */
  readonly dataSha256: string;
  /** Everything `train` needs but the model: the recipe as changed by the flags. */
  readonly training: Omit<TrainOptions, 'model'>;
  /** Where a training beside the main one keeps its checkpoints. */
  checkpointsOf(name: string): CheckpointStore;
  /** Batches of any of the splits. */
  batches(samples: readonly Sample[], shuffle?: boolean): BatchSource;
  /**
   * The fastest ways to run a model: fused on this thread, and in workers, which the caller disposes.
   *
   * @param inWorkers - `false` for this thread only. @default true
   */
  accelerate(model: LayersModel, inWorkers?: boolean): Promise<Acceleration>;
}

/** For `train`, `predict` and `extractFeatures`. */
export interface Acceleration {
  readonly forward: Forward | undefined;
  readonly replicas: Replicas | undefined;
}

/** Trains all of a model that is not frozen, as the experiment's recipe says. */
export async function trainWhole(model: LayersModel, run: ExperimentRun): Promise<TrainResult> {
  const how = await run.accelerate(model);
  try {
    return await train({ ...run.training, ...how, model });
  } finally {
    await how.replicas?.dispose();
  }
}

/**
 * Runs an experiment from the flags to the report: index, split, decode, train, choose the threshold on validation,
 * measure once on test, write the run folder.
 */
export async function runExperiment(flags: TrainingFlags, experiment: Experiment): Promise<void> {
  const afterAbort = `Go on with the same command and: --output ${flags.output} --resume`;
  await runProgram(flags, afterAbort, (context) => runInContext(context, flags, experiment));
}

async function runInContext(
  context: ProgramContext,
  flags: TrainingFlags,
  experiment: Experiment,
): Promise<void> {
  const { signal, onProgress } = context;
  const { recipe = studyRecipe } = experiment;
  const classList = flags.classes === undefined ? experiment.classList : parseClassList(flags.classes);
  const { seed, batchSize, asPublished } = flags;
  const plan = await planRun(flags.output, { resume: flags.resume });
  const dataset = await loadDataset(flags, classList, onProgress);
  const { keepsSides } = dataset;
  const split = await splitDataset(dataset.samples, flags, { classList, keepsSides });
  const { splits: planned, isTestCarved } = split;
  const thresholdRule = asPublished ? 'half' : recipe.thresholdRule;
  checkSides(planned, classList, thresholdRule);
  context.say(dataset.description);
  for (const { text } of [
    ...dataset.notes,
    ...unknownPatientNotes(dataset.samples),
    ...sharedPatientNotes(planned),
  ])
    context.say(text);
  const splitText = await formatSplit(planned);
  const dropped = new Set(planned.sharedPatients?.dropped.map(({ id }) => id));
  const used = dataset.samples.filter(({ id }) => !dropped.has(id));
  const store = await openPixels(context, flags, { ...dataset, samples: used });
  for (const line of noteLines(pixelNotes(store))) context.say(line);
  const splits = withoutSkipped(planned, store);
  checkSides(splits, classList, thresholdRule);
  const dataSha256 = await store.contentHash();
  const settings = {
    ...flagSettings(flags),
    device: context.device.kind,
    workers: context.device.workers,
    dataSha256,
    splitSha256: await sha256(new TextEncoder().encode(splitText)),
  };
  const { folder, started } = await plan.start(settings);
  await folder.writeText('split.json', splitText);

  const batches = (samples: readonly Sample[], shuffle = false) =>
    createBatches({ store, samples, classList, batchSize, shuffle, seed });
  const accelerate = async (model: LayersModel, inWorkers = true): Promise<Acceleration> => ({
    forward: fastForward(model, context.device),
    replicas: await openWorkers(model, {
      device: context.device,
      workers: inWorkers ? context.device.workers : 1,
      memoryLimit: flags.memoryLimit,
      signal,
    }),
  });
  const augmentation = AUGMENTATIONS[flags.augmentation]();
  const run: ExperimentRun = {
    ...{ context, flags, folder, classList, store, splits, dataSha256, batches, accelerate },
    checkpointsOf: (name) => fileCheckpoints(folder.file(`checkpoints/${name}`)),
    training: {
      train: batches(splits.train, true),
      validation: batches(splits.validation),
      epochs: flags.epochs,
      ...(augmentation ? { augmentation } : {}),
      microBatchSize: flags.microBatch,
      ...recipe.options({ flags, classList, splits }),
      ...keptWeights(asPublished ? 'last' : flags.bestEpochBy, batches(splits.validation)),
      checkpoints: fileCheckpoints(folder.file('checkpoints')),
      resume: flags.resume,
      seed,
      signal,
      onProgress,
    },
  };
  const model = await experiment.createModel(run);
  const result = await adviseOnMemory(
    model,
    // Phases compute on other numbers of images, too.
    { device: context.device, batchSize, images: experiment.train ? undefined : flags.microBatch },
    () => (experiment.train ?? trainWhole)(model, run),
  );
  const measured = await measureSides(model, run, thresholdRule);
  await finishTraining(context, folder, {
    title: experiment.title,
    architecture: experiment.architecture,
    ...{
      flags,
      recipe,
      keepWeights: run.training.keepWeights ?? 'best',
      monitor: run.training.earlyStopping?.monitor ?? 'val_loss',
      classList,
      dataset,
      splits,
      isTestCarved,
      store,
      model,
      result,
    },
    ...{ ...measured, settings, started },
  });
  model.dispose();
}

/** What `train` needs to keep the weights of that epoch; nothing where the recipe decides. */
function keptWeights(by: BestEpochBy | undefined, validation: BatchSource): Partial<TrainOptions> {
  if (by === undefined) return {};
  if (by !== 'shifts') return { keepWeights: by === 'last' ? 'last' : 'best' };
  const medium = acquisitionShifts().filter(({ strength }) => strength === 2);
  return {
    keepWeights: 'best',
    shiftedValidation: augmentedSource(validation, medium),
    earlyStopping: { monitor: 'val_shifted_auroc', mode: 'max' },
  };
}

/** Every choice is made on validation; the test side is touched once, here, in the end. */
async function measureSides(model: LayersModel, run: ExperimentRun, thresholdRule: ThresholdRule) {
  const { context, flags, splits, batches } = run;
  const { signal, onProgress } = context;
  const how = await run.accelerate(model);
  try {
    const onValidation = await measureUnderShifts(
      model,
      batches(splits.validation),
      'validation',
      thresholdRule,
      { ...how, signal, onProgress },
      flags.shifts,
    );
    const { threshold, shifts } = onValidation;
    const onTest = await predict(model, batches(splits.test), { ...how, signal, onProgress });
    const measure = async (predictions: Predictions, samples: readonly Sample[]) => {
      const patientIds = patientIdsOf(predictions, samples);
      const options = {
        ...{ threshold, thresholdRule, intervals: { seed: flags.seed } },
        ...{ patientIds, signal, onProgress },
      };
      return { predictions, evaluation: await evaluatePredictions(predictions, options) };
    };
    const test = await measure(onTest, splits.test);
    return {
      validation: await measure(onValidation.predictions, splits.validation),
      test: shifts ? { ...test, evaluation: { ...test.evaluation, shifts } } : test,
    };
  } finally {
    await how.replicas?.dispose();
  }
}
