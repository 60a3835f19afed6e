import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { createRandom, FileError } from 'xray-core';
import { type EpochWatcher, resolveMonitor } from '../early-stopping.js';
import { scheduleOf } from '../learning-rate.js';
import type { Optimizer } from '../optimizers/optimizer.js';
import { modelParts } from '../replicas/model-parts.js';
import type { EpochLogs, TrainOptions } from '../train-options.js';
import { ResumeError } from '../training-errors.js';
import type { WeightAverage } from '../weight-average.js';
import type { Checkpoint, CheckpointStore, RunFingerprint } from './checkpoint.js';

const LAST = 'last';
const bestName = (epoch: number) => `best-epoch-${epoch + 1}`;

/** What identifies a run, so that a checkpoint is never continued by another one. */
export function fingerprintOf(options: TrainOptions, optimizer: Optimizer): RunFingerprint {
  const { model, train, validation, seed, classWeights, labelSmoothing = 0 } = options;
  const { clipNorm, averageWeights } = options;
  const { monitor, mode } = resolveMonitor(options.earlyStopping);
  const learningRateAt = scheduleOf(options.learningRate);
  const trained = new Set(model.trainableWeights);
  return {
    seed,
    classNames: [...train.classList.names],
    trainSamples: train.sampleCount,
    validationSamples: validation.sampleCount,
    trainIds: textOf(train.order(0)),
    validationIds: textOf(validation.order(0)),
    batchSize: train.batchSize,
    microBatchSize: options.microBatchSize ?? train.batchSize,
    workers: options.replicas?.workers ?? 1,
    optimizer: JSON.stringify({ name: optimizer.name, ...optimizer.settings }),
    learningRates: [0, 1, 1_000, 100_000].map(learningRateAt),
    classWeights: classWeights ? [...classWeights] : null,
    labelSmoothing,
    clipNorm: clipNorm ?? null,
    averageDecay: averageWeights?.decay ?? null,
    monitor: `${mode} ${monitor}`,
    weightShapes: modelParts(model).weights.map(
      (weight) => `${weight.shape.join('x')}${trained.has(weight) ? '' : ' frozen'}`,
    ),
  };
}

/** A short text that other ids would hardly have. Not SHA-256, which pages without HTTPS lack. */
function textOf(ids: readonly string[]): string {
  return createRandom(0).stream(JSON.stringify(ids)).nextUint32().toString(16).padStart(8, '0');
}

/** Copies of all weights, in the model's order. */
export async function copyWeights(model: LayersModel): Promise<Float32Array[]> {
  return Promise.all(model.getWeights().map(async (weight) => Float32Array.from(await weight.data())));
}

/** Puts copied weights back. */
export function putWeights(model: LayersModel, values: readonly Float32Array[]): void {
  tf.tidy(() => {
    const current = model.getWeights();
    model.setWeights(current.map((weight, index) => tf.tensor(values[index]!, weight.shape, weight.dtype)));
  });
}

/** Where a run stands after an epoch. */
export interface RunState {
  readonly epoch: number;
  readonly step: number;
  readonly history: readonly EpochLogs[];
}

/**
 * Writes the checkpoints of a finished epoch: the best weights first, under a name of their own, then `last`,
 * which names the best. Whenever the process dies, `last` and the best it names belong together.
 */
export async function writeCheckpoints(
  store: CheckpointStore,
  run: {
    model: LayersModel;
    optimizer: Optimizer;
    average: WeightAverage | undefined;
    fingerprint: RunFingerprint;
    watcher: EpochWatcher;
  },
  state: RunState,
  previousBest: number,
): Promise<void> {
  const { model, optimizer, fingerprint, watcher } = run;
  const { bestEpoch } = watcher;
  const facts = { fingerprint, ...state, history: [...state.history], bestEpoch };
  const weights = await copyWeights(model);
  const average = (await run.average?.values()) ?? [];
  if (bestEpoch === state.epoch) {
    const best = run.average ? average : weights;
    await store.write(bestName(bestEpoch), { facts, weights: best, average: [], optimizer: [] });
  }
  const slots = await Promise.all(
    optimizer.slots().map(async (slot) => Float32Array.from(await slot.data())),
  );
  await store.write(LAST, { facts, weights, average, optimizer: slots });
  if (previousBest >= 0 && previousBest !== bestEpoch) await store.remove(bestName(previousBest));
}

/** A run found in a checkpoint store. */
export interface SavedRun {
  readonly last: Checkpoint;
  readonly bestWeights: readonly Float32Array[];
}

/**
 * Reads the last finished epoch of this very run.
 *
 * @throws {ResumeError} If it belongs to another run.
 * @throws {FileError} If a checkpoint is damaged or its best weights are missing.
 */
export async function readSavedRun(
  store: CheckpointStore,
  fingerprint: RunFingerprint,
): Promise<SavedRun | undefined> {
  const last = await store.read(LAST);
  if (last === undefined) return undefined;
  const saved = last.facts.fingerprint;
  const differences = (Object.keys(fingerprint) as (keyof RunFingerprint)[])
    .filter((name) => JSON.stringify(saved[name]) !== JSON.stringify(fingerprint[name]))
    .map(
      (name) => `${name} was ${JSON.stringify(saved[name])} and is now ${JSON.stringify(fingerprint[name])}`,
    );
  if (differences.length > 0) throw new ResumeError(differences);
  const best = await store.read(bestName(last.facts.bestEpoch));
  if (best === undefined) {
    throw new FileError({
      file: bestName(last.facts.bestEpoch),
      problem: 'the checkpoint with the best weights is missing',
      fix: 'Start the run again in another folder.',
    });
  }
  return { last, bestWeights: best.weights };
}

/** Brings model and optimizer to the saved state. */
export function restoreRun(
  run: { model: LayersModel; optimizer: Optimizer; average: WeightAverage | undefined },
  { facts, weights, average, optimizer }: Checkpoint,
): void {
  putWeights(run.model, weights);
  run.average?.restore(average);
  tf.tidy(() => {
    const shapes = run.model.trainableWeights.map(({ shape }) => shape as number[]);
    const slots = optimizer.map((values, index) => tf.tensor(values, shapes[index % shapes.length]!));
    run.optimizer.restore(slots, facts.step);
  });
}
