import type { LayersModel } from '@tensorflow/tfjs-layers';
import { acquisitionShifts } from 'xray-augment';
import { type Evaluation, type ProgressEvent, type Sample, sha256 } from 'xray-core';
import { createBatches, type Splits } from 'xray-dataset';
import { augmentedSource, type PhasesResult, type TrainOptions, type TrainResult } from 'xray-train';
import { fileCheckpoints } from 'xray-train/node';
import { fastForward, openWorkers } from '../devices/workers.js';
import { AUGMENTATIONS } from '../recipes/augmentations.js';
import { trainsOnFeatures } from '../recipes/recipe.js';
import { trainingOptionsOf } from '../recipes/training-options.js';
import { liveHistory } from '../run-folder/live-history.js';
import { readHistory } from '../run-folder/read-history.js';
import { planRun, type RunFolder } from '../run-folder/run-folder.js';
import { adviseOnMemory } from './advise-on-memory.js';
import { completeOptions, requestOf } from './complete-options.js';
import { createNetwork } from './create-network.js';
import type { CompleteOptions, ExperimentOptions } from './experiment-options.js';
import type { Acceleration, ExperimentRun } from './experiment-run.js';
import { finishExperiment } from './finish-experiment.js';
import { measureSplits } from './measure-splits.js';
import { contextOf, prepareData } from './prepare-data.js';
import { settingsOf } from './run-settings.js';
import { trainFirst, trainNetwork } from './train-network.js';

/** How an experiment ended. */
export interface ExperimentResult {
  /** The run folder: `model`, `evaluation.json`, `predictions.csv`, `history.csv`, `split.json`, `run.json`, `report.html`. */
  readonly folder: string;
  /** What the test split says, at the threshold from validation. */
  readonly evaluation: Evaluation;
  readonly validation: Evaluation;
  readonly training: TrainResult | PhasesResult;
}

/**
 * Runs an experiment from a folder of images to a report: index, split by patient, decode, train, choose the threshold on
 * validation, measure once on test, write the run folder. It prints nothing.
 *
 * @throws {InvalidArgumentError} If an option, the recipe or the data is wrong.
 * @throws {FileError} If `output` cannot take the run, or an image cannot be read.
 * @throws {XrayError} `resume-mismatch` if `resume` finds a run with other settings.
 * @throws {DeviceMemoryError} If memory runs out, with a number of images that fits.
 * @throws {AbortedError} Once `signal` has fired.
 *
 * @example
 * const device = await selectDevice();
 * const { evaluation, folder } = await runExperiment({ device, recipe: 'robust', data: './chest_xray', output: 'runs/first' });
 * console.log(evaluation.auroc, folder);
 */
export async function runExperiment(options: ExperimentOptions): Promise<ExperimentResult> {
  const complete = completeOptions(options);
  const context = contextOf(complete);
  const plan = await planRun(complete.output, { resume: complete.resume });
  const material = await prepareData(context, complete);
  const { store, splits, dataSha256, splitText } = material;
  const settings = {
    ...settingsOf(complete),
    device: context.device.kind,
    workers: context.device.workers,
    dataSha256,
    splitSha256: await sha256(new TextEncoder().encode(splitText)),
  };
  const { folder, started } = await plan.start({ settings, request: requestOf(complete) });
  await folder.writeText('split.json', splitText);
  const history = liveHistory(folder, complete.resume ? await readHistory(folder.path) : []);
  const onProgress = (event: ProgressEvent) => {
    history.onEvent(event);
    context.onProgress(event);
  };
  const run = createRun({
    context: { ...context, onProgress },
    options: complete,
    folder,
    store,
    splits,
    dataSha256,
  });
  const model = await createNetwork(run, (first) => trainFirst(first, run));
  try {
    const training = await trainWithAdvice(model, run);
    await history.flush();
    const { validation, test, calibrator } = await measureSplits(model, run);
    const { dataset, isTestCarved } = material;
    await finishExperiment(run, {
      ...{ model, training, validation, test, calibrator, dataset, isTestCarved, settings, started },
    });
    return {
      folder: folder.path,
      evaluation: test.evaluation,
      validation: validation.evaluation,
      training,
    };
  } finally {
    run.training.optimizer?.dispose();
    model.dispose();
  }
}

interface RunParts extends Pick<ExperimentRun, 'context' | 'options' | 'store' | 'splits' | 'dataSha256'> {
  readonly folder: RunFolder;
}

function createRun(parts: RunParts): ExperimentRun {
  const { context, options, store, splits, folder } = parts;
  const { recipe, seed } = options;
  const { classList } = recipe;
  const { batchSize } = recipe.training;
  const batches = (samples: readonly Sample[], shuffle = false) =>
    createBatches({ store, samples, classList, batchSize, shuffle, seed });
  const accelerate = async (model: LayersModel, inWorkers = true): Promise<Acceleration> => ({
    forward: fastForward(model, context.device),
    replicas: await openWorkers(model, {
      device: context.device,
      workers: inWorkers ? context.device.workers : 1,
      memoryLimit: options.memoryLimit,
      signal: context.signal,
    }),
  });
  const augmentation = AUGMENTATIONS[recipe.augmentation]();
  return {
    ...parts,
    classList,
    batches,
    accelerate,
    checkpointsOf: (name) => fileCheckpoints(folder.file(`checkpoints/${name}`)),
    training: {
      train: batches(splits.train, true),
      validation: batches(splits.validation),
      ...(augmentation ? { augmentation } : {}),
      ...trainingOptionsOf(recipe, { classList, splits }),
      ...(options.asPublished ? { keepWeights: 'last' } : byShifts(recipe, batches, splits)),
      stopWhen: stopAfter(options),
      checkpoints: fileCheckpoints(folder.file('checkpoints')),
      resume: options.resume,
      seed,
      signal: context.signal,
      onProgress: context.onProgress,
    },
  };
}

/** What `train` needs to choose the epoch by shifts; nothing where the recipe does not. */
function byShifts(
  { training }: CompleteOptions['recipe'],
  batches: ExperimentRun['batches'],
  splits: Splits,
): Partial<TrainOptions> {
  if (training.bestEpochBy !== 'shifts') return {};
  const medium = acquisitionShifts().filter(({ strength }) => strength === 2);
  const patience = training.patience ?? Number.POSITIVE_INFINITY;
  return {
    shiftedValidation: augmentedSource(batches(splits.validation), medium),
    earlyStopping: { monitor: 'val_shifted_auroc', mode: 'max', patience },
  };
}

function stopAfter({ finish, stopAfterSeconds }: CompleteOptions): (() => boolean) | undefined {
  if (finish) return () => true;
  if (stopAfterSeconds === undefined) return undefined;
  const end = performance.now() + stopAfterSeconds * 1000;
  return () => performance.now() >= end;
}

/** Trains; where memory runs out, the error says for how many images there is enough. */
async function trainWithAdvice(model: LayersModel, run: ExperimentRun) {
  const { options, context } = run;
  const { batchSize, microBatchSize } = options.recipe.training;
  const hasPhases = trainsOnFeatures(options.recipe) && !options.createModel;
  return adviseOnMemory(
    model,
    // Phases compute on other numbers of images, too.
    { device: context.device, batchSize, images: hasPhases ? undefined : microBatchSize },
    () => trainNetwork(model, run),
  );
}
