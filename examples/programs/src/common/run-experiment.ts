import type { LayersModel } from '@tensorflow/tfjs-layers';
import { horizontalFlip } from 'xray-augment';
import type { BatchSource, ClassList, Predictions, Sample } from 'xray-core';
import { createBatches, createPixelStore, type PixelStore, type Splits } from 'xray-dataset';
import { chooseThreshold, evaluatePredictions } from 'xray-metrics';
import { legacyKerasDecay, predict, type TrainOptions, type TrainResult, train } from 'xray-train';
import { fileCheckpoints } from 'xray-train/node';
import { fuse } from 'xray-wasm';
import { finishTraining } from './finish-training.js';
import { DECODE_CONCURRENCY, type TrainingFlags } from './flags.js';
import { loadDataset, splitDataset, withoutSkipped } from './load-dataset.js';
import { patientIdsOf } from './report-parts.js';
import { flagSettings, planRun, type RunFolder } from './run-folder.js';
import { type ProgramContext, runProgram } from './run-program.js';
import { withReplicas, workersOn } from './workers.js';

/** Images per forward and backward pass; bounds the memory and changes results by rounding only. */
const MICRO_BATCH = 8;

/** What tells one experiment from another. */
export interface Experiment {
  /** For the report, such as `Small CNN, normal or pneumonia`. */
  readonly title: string;
  /** Name in the bundle's metadata. */
  readonly architecture: string;
  readonly classList: ClassList;
  createModel(run: ExperimentRun): LayersModel | Promise<LayersModel>;
  /** @default trains the whole model with `run.training` */
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
  /** Everything `train` needs but the model: the study's recipe as changed by the flags. */
  readonly training: Omit<TrainOptions, 'model'>;
  /** Batches of any of the splits. */
  batches(samples: readonly Sample[], shuffle?: boolean): BatchSource;
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
  const { classList } = experiment;
  const { seed, batchSize, asPublished } = flags;
  const plan = await planRun(flags.output, { resume: flags.resume });
  const dataset = await loadDataset(flags, classList);
  const { splits: planned, isTestCarved } = splitDataset(dataset.samples, { classList, seed, asPublished });
  const store = await createPixelStore(dataset.samples, {
    decode: dataset.decode,
    rule: { height: flags.imageSize, width: flags.imageSize },
    channels: flags.channels === 1 ? 1 : 'auto',
    onBadImage: flags.onBadImage,
    concurrency: DECODE_CONCURRENCY,
    signal,
    onProgress,
  });
  const splits = withoutSkipped(planned, store);
  const settings = {
    ...flagSettings(flags),
    device: context.device.kind,
    workers: workersOn(context.device, flags.workers),
    dataSha256: await store.contentHash(),
  };
  const { folder, started } = await plan.start(settings);

  const batches = (samples: readonly Sample[], shuffle = false) =>
    createBatches({ store, samples, classList, batchSize, shuffle, seed });
  const run: ExperimentRun = {
    ...{ context, flags, folder, classList, store, splits, batches },
    training: {
      train: batches(splits.train, true),
      validation: batches(splits.validation),
      epochs: flags.epochs,
      learningRate: legacyKerasDecay(flags.learningRate, 1e-5),
      augmentation: horizontalFlip(),
      microBatchSize: MICRO_BATCH,
      earlyStopping: { monitor: 'val_loss', mode: 'min', patience: 3 },
      keepWeights: asPublished ? 'last' : 'best',
      checkpoints: fileCheckpoints(folder.file('checkpoints')),
      resume: flags.resume,
      seed,
      signal,
      onProgress,
    },
  };
  const model = await experiment.createModel(run);
  const forward = context.device.kind === 'wasm' ? fuse(model) : undefined; // the only device with its kernels
  const pool = { device: context.device, workers: flags.workers, signal };
  const thresholdRule = asPublished ? 'half' : 'youden';
  const { result, onValidation, threshold, onTest } = await withReplicas(model, pool, async (replicas) => {
    const how = { signal, forward, replicas };
    const result = experiment.train
      ? await experiment.train(model, run)
      : await train({ ...run.training, ...how, model });
    // Every choice is made on validation; the test side is touched once, here, in the end.
    const onValidation = await predict(model, batches(splits.validation), how);
    const threshold = chooseThreshold(onValidation, thresholdRule);
    const onTest = await predict(model, batches(splits.test), { ...how, onProgress });
    return { result, onValidation, threshold, onTest };
  });
  const measure = (predictions: Predictions, samples: readonly Sample[]) => {
    const patientIds = patientIdsOf(predictions, samples);
    const options = { threshold, thresholdRule, patientIds, intervals: { seed } } as const;
    return { predictions, evaluation: evaluatePredictions(predictions, options) };
  };
  await finishTraining(context, folder, {
    title: experiment.title,
    architecture: experiment.architecture,
    ...{ flags, classList, dataset, splits, isTestCarved, store, model, result },
    validation: measure(onValidation, splits.validation),
    test: measure(onTest, splits.test),
    ...{ settings, started },
  });
  model.dispose();
}
