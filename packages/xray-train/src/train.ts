import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type Predictions, type ProgressCallback, type ProgressEvent, XrayError } from 'xray-core';
import {
  accuracy,
  auroc,
  confusionMatrix,
  logLoss,
  pneumoniaScores,
  predictedLabels,
  twoClassLabels,
} from 'xray-metrics';
import { announceStep } from './announce-step.js';
import { checkProbabilities, checkTrainOptions } from './check-train-options.js';
import {
  copyWeights,
  fingerprintOf,
  putWeights,
  readSavedRun,
  restoreRun,
  writeCheckpoints,
} from './checkpoints/run-state.js';
import { clipGradients } from './clip-gradients.js';
import { watchEpochs } from './early-stopping.js';
import { epochGradients } from './epoch-gradients.js';
import { rateOf, scheduleOf } from './learning-rate.js';
import { adam } from './optimizers/adam.js';
import type { Optimizer } from './optimizers/optimizer.js';
import { predict } from './predict.js';
import type { EpochLogs, TrainOptions, TrainResult } from './train-options.js';
import { NonFiniteLossError } from './training-errors.js';
import { averageOf, type WeightAverage } from './weight-average.js';

/**
 * Trains a model on batches: weighted cross-entropy, any learning-rate schedule, micro-batches, early stopping
 * with the best weights put back, checkpoints and exact resume, on one thread or on the workers of `replicas`. Same
 * seeds, same backend, same number of workers: same result, bit for bit, whether the run was interrupted or not.
 *
 * The model is changed in place. After an error or an abort it holds the weights of the last finished step.
 *
 * @throws {InvalidArgumentError} If an option is out of range.
 * @throws {ClassMismatchError} If the model's outputs and the class list differ.
 * @throws {NonFiniteLossError} If the loss becomes NaN or infinite; that step is not applied.
 * @throws {ResumeError} If `resume` finds the checkpoint of another run.
 * @throws {AbortedError} Once `signal` has fired.
 * @throws {WorkerError} If one of the `replicas` fails.
 *
 * @example
 * const { bestEpoch } = await train({ model, train: trainBatches, validation: validationBatches, epochs: 30, seed: 7,
 *   earlyStopping: { patience: 3 } });
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  checkTrainOptions(options);
  await checkProbabilities(options.model, options.forward);
  const { model, epochs, earlyStopping, keepWeights = 'best', checkpoints, onProgress } = options;
  const optimizer = options.optimizer ?? adam();
  const fingerprint = fingerprintOf(options, optimizer);
  const saved = checkpoints && options.resume ? await readSavedRun(checkpoints, fingerprint) : undefined;
  const average = options.averageWeights && averageOf(model, options.averageWeights);
  if (saved) restoreRun({ model, optimizer, average }, saved.last);
  else optimizer.restore([], 0);

  const history: EpochLogs[] = [...(saved?.last.facts.history ?? [])];
  const watcher = watchEpochs(earlyStopping, history);
  let step = saved?.last.facts.step ?? 0;
  let bestWeights = saved?.bestWeights;
  let isStopped = false;
  try {
    for (let epoch = history.length; epoch < epochs && !watcher.shouldStop; epoch++) {
      isStopped = history.length > 0 && (options.stopWhen?.(history) ?? false);
      if (isStopped) break;
      const started = performance.now();
      const trained = await trainEpoch(options, { optimizer, average }, epoch, step);
      step = trained.step;
      const measured = await (average ? average.inModel(() => validate(options)) : validate(options));
      const logs = {
        epoch,
        ...trained.logs,
        ...measured,
        seconds: secondsSince(started),
        stall_share: trained.stallShare,
      };
      history.push(logs);
      const previousBest = watcher.bestEpoch;
      const improved = watcher.observe(logs);
      if (improved) bestWeights = await finalWeights(model, average);
      if (checkpoints) {
        await writeCheckpoints(
          checkpoints,
          { model, optimizer, average, fingerprint, watcher },
          { epoch, step, history },
          previousBest,
        );
      }
      const { epoch: _epoch, ...numbers } = logs;
      onProgress?.({ type: 'epoch-end', epoch, epochs, logs: numbers, improved });
    }
    if (keepWeights === 'best' && bestWeights) putWeights(model, bestWeights);
    else if (average) putWeights(model, await average.values());
  } finally {
    announceStep(model, undefined);
    average?.dispose();
    if (options.optimizer === undefined) optimizer.dispose();
  }
  const reason = isStopped ? 'stopped' : watcher.shouldStop ? 'early-stopping' : 'completed';
  onProgress?.({ type: 'train-end', bestEpoch: watcher.bestEpoch, reason });
  return { history, bestEpoch: watcher.bestEpoch, reason, steps: step };
}

/** What the model would be used with if training ended now. */
const finalWeights = (model: LayersModel, average: WeightAverage | undefined) =>
  average ? average.values() : copyWeights(model);

/** Measures the validation side after an epoch. */
async function validate({ model, validation, shiftedValidation, signal, forward, replicas }: TrainOptions) {
  const how = { signal, forward, replicas };
  const predictions = await predict(model, validation, how);
  const shifted = shiftedValidation && (await predict(model, shiftedValidation, how));
  const { labels, probabilities, classNames } = predictions;
  const classes = classNames.length;
  const area = areaOf(predictions);
  const shiftedArea = shifted ? areaOf(shifted) : null;
  return {
    val_loss: logLoss(labels, probabilities, classes),
    val_accuracy: accuracy(confusionMatrix(labels, predictedLabels(predictions), classes)),
    ...(area === null ? {} : { val_auroc: area }),
    ...(shifted ? { val_shifted_loss: logLoss(shifted.labels, shifted.probabilities, classes) } : {}),
    ...(shiftedArea === null ? {} : { val_shifted_auroc: shiftedArea }),
  };
}

const areaOf = (predictions: Predictions) => auroc(twoClassLabels(predictions), pneumoniaScores(predictions));

/** One pass over the training data. */
async function trainEpoch(
  options: TrainOptions,
  { optimizer, average }: { optimizer: Optimizer; average: WeightAverage | undefined },
  epoch: number,
  firstStep: number,
) {
  const { model, train: source } = options;
  const schedule = scheduleOf(options.learningRate);
  const variables = trainableVariables(model);
  const report = batchReporter(options.onProgress, epoch, source.batchCount);
  options.onProgress?.({ type: 'epoch-start', epoch, epochs: options.epochs, batches: source.batchCount });
  await options.replicas?.update();
  let step = firstStep;
  let lossSum = 0;
  let correct = 0;
  let seen = 0;
  let batchIndex = 0;
  let stalledInAll = 0;
  const started = performance.now();
  for await (const { ids, result, stalled } of epochGradients(options, variables, epoch, () => step)) {
    let { gradients } = result;
    try {
      const learningRate = rateOf(schedule, step);
      if (!Number.isFinite(result.loss)) {
        throw new NonFiniteLossError({ epoch, batch: batchIndex, loss: result.loss, learningRate, ids });
      }
      if (options.clipNorm !== undefined) gradients = clipGradients(gradients, options.clipNorm);
      optimizer.step(variables, gradients, learningRate);
      average?.update(step);
    } finally {
      tf.dispose(gradients);
    }
    step++;
    batchIndex++;
    seen += ids.length;
    lossSum += result.loss * ids.length;
    correct += result.correct;
    stalledInAll += stalled;
    report({ batch: batchIndex, loss: result.loss, stallMilliseconds: stalled }, ids.length);
  }
  if (seen === 0)
    throw new XrayError('empty-epoch', 'The training source gave no batches. Check its samples.');
  const logs = {
    loss: lossSum / seen,
    accuracy: correct / seen,
    learning_rate: schedule(step - 1),
  };
  return { step, logs, stallShare: shareOf(stalledInAll, performance.now() - started) };
}

type BatchEnd = Extract<ProgressEvent, { type: 'batch-end' }>;

function batchReporter(onProgress: ProgressCallback | undefined, epoch: number, batches: number) {
  let last = performance.now();
  return (event: Pick<BatchEnd, 'batch' | 'loss' | 'stallMilliseconds'>, images: number): void => {
    const now = performance.now();
    const took = Math.max(now - last, 1e-6);
    last = now;
    const imagesPerSecond = (images * 1000) / took;
    const stallShare = shareOf(event.stallMilliseconds, took);
    onProgress?.({ type: 'batch-end', epoch, batches, ...event, imagesPerSecond, stallShare });
  };
}

/** In [0, 1], also where the clock is too coarse for the time. */
function shareOf(part: number, whole: number): number {
  return whole > 0 ? Math.min(1, part / whole) : 0;
}

function trainableVariables(model: LayersModel): tf.Variable[] {
  return model.trainableWeights.map((weight) => weight.read() as tf.Variable);
}

const secondsSince = (started: number) => (performance.now() - started) / 1000;
