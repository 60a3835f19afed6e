import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import {
  type Augmentation,
  type Batch,
  type BatchSource,
  type Forward,
  hasVariants,
  InvalidArgumentError,
  type OptionNames,
  type ProgressCallback,
  refuseUnknownOptions,
  sha256,
  throwIfAborted,
  yieldToEventLoop,
} from 'xray-core';
import { checkReplicas } from '../predict.js';
import type { Replicas } from '../replicas/replicas.js';
import { runModel } from '../run-model.js';
import type { FeatureFacts, FeatureStore, Features } from './features.js';

const OPTIONS: OptionNames<ExtractFeaturesOptions> = {
  base: true,
  source: true,
  dataHash: true,
  augmentation: true,
  store: true,
  forward: true,
  replicas: true,
  signal: true,
  onProgress: true,
};

/** Options of `extractFeatures`. */
export interface ExtractFeaturesOptions {
  /** Frozen: nothing in it may train. Takes the images of `source`, gives features `[batch, ...]`. */
  base: LayersModel;
  source: BatchSource;
  /** Names the data of `source`, such as the content hash of its pixel store: part of the key. */
  dataHash: string;
  /** Features are stored for each of its variants, so only one that has variants will do. @default none */
  augmentation?: Augmentation | undefined;
  store: FeatureStore;
  /** Runs the base instead of `base.predict`. @default the base's own */
  forward?: Forward | undefined;
  /** Copies of the base that share the work. @default none */
  replicas?: Replicas | undefined;
  /** Stops between two batches with an `AbortedError`; nothing is stored then. */
  signal?: AbortSignal | undefined;
  /** Gets `features` events. */
  onProgress?: ProgressCallback | undefined;
}

/**
 * Computes the features that a frozen base gives for every image, once, or finds them in the store. A head trained on
 * them (see `featureSource`) learns what it would learn behind the base, without running it in every epoch.
 *
 * @returns The features; the caller closes them.
 * @throws {InvalidArgumentError} If the base has weights that train, several inputs or outputs, or features of no fixed
 *   size, or the augmentation has no fixed variants.
 * @throws {AbortedError} Once `signal` has fired.
 *
 * @example
 * const features = await extractFeatures({ base, source, dataHash: await pixels.contentHash(), store: memoryFeatures() });
 */
export async function extractFeatures(options: ExtractFeaturesOptions): Promise<Features> {
  refuseUnknownOptions('extractFeatures', options, OPTIONS);
  const { base, source, dataHash, augmentation, store, replicas, signal, onProgress } = options;
  checkReplicas(base, replicas);
  checkFrozen(base);
  const shape = featureShape(base);
  const { name, changes } = variantsOf(augmentation);
  const ids = source.order(0);
  const { classList } = source;
  const parts = { base: await hashOf(base), dataHash, variants: name, classList, ids };
  const key = await sha256(new TextEncoder().encode(JSON.stringify(parts)));
  const found = await store.open(key);
  if (found) return found;

  const labels: number[][] = [];
  const facts: FeatureFacts = {
    key,
    ids,
    shape,
    variants: changes.length,
    variantsName: name,
    labels, // filled in while the first variant is computed
  };
  return store.create(facts, async (writer) => {
    const total = ids.length * changes.length;
    let done = 0;
    for (const change of changes) {
      const batches = changed(source.epoch(0, signal ? { signal } : {}), change);
      const outputs = replicas ? replicas.mapBatches(batches) : runModel(base, batches, options.forward);
      for await (const output of outputs) {
        throwIfAborted(signal, 'Computing features');
        if (done < ids.length) labels.push(...rowsOf(output.labels, output.ids.length));
        await writer.write(output.values);
        done += output.ids.length;
        onProgress?.({ type: 'features', done, total });
        await yieldToEventLoop();
      }
    }
  });
}

type Change = (batch: Batch) => Batch;

function variantsOf(augmentation: Augmentation | undefined): { name: string; changes: readonly Change[] } {
  if (augmentation === undefined) return { name: 'none', changes: [(batch) => batch] };
  if (hasVariants(augmentation)) return { name: augmentation.variantsName, changes: augmentation.variants };
  throw new InvalidArgumentError({
    argument: 'augmentation',
    expected: 'an augmentation with a few fixed variants, such as horizontalFlip, or none',
    received: 'one whose images differ in every epoch',
    fix: 'Train the whole model with it instead of a head on stored features.',
  });
}

async function* changed(batches: AsyncIterable<Batch>, change: Change): AsyncGenerator<Batch> {
  for await (const batch of batches) {
    const result = change(batch);
    if (result !== batch) tf.dispose([batch.images, batch.labels]);
    yield result;
  }
}

function rowsOf(labels: Float32Array, rows: number): number[][] {
  const classes = labels.length / rows;
  return Array.from({ length: rows }, (_, row) => [...labels.subarray(row * classes, (row + 1) * classes)]);
}

function checkFrozen(base: LayersModel): void {
  if (base.trainableWeights.length === 0) return;
  throw new InvalidArgumentError({
    argument: 'base',
    expected: 'a frozen model: features of one that trains change with every step',
    received: `${base.trainableWeights.length} weights that train, the first is ${base.trainableWeights[0]!.name}`,
    fix: 'Call `freeze(base)` of xray-models.',
  });
}

/** Without the batch. */
function featureShape(base: LayersModel): number[] {
  const isSingle = base.inputs.length === 1 && base.outputs.length === 1;
  const shape = base.outputs[0]!.shape.slice(1);
  if (isSingle && shape.every((size) => size !== null)) return shape as number[];
  throw new InvalidArgumentError({
    argument: 'base',
    expected: 'a model with one input and one output whose features have a fixed size',
    received: {
      name: base.name,
      inputs: base.inputs.length,
      outputs: base.outputs.map((output) => output.shape),
    },
    fix: 'Build it for images of one size.',
  });
}

/** Architecture and weights as one hash. */
async function hashOf(base: LayersModel): Promise<string> {
  const hashes: string[] = [];
  for (const weight of base.getWeights()) {
    const values = await weight.data();
    hashes.push(await sha256(new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice()));
  }
  return sha256(new TextEncoder().encode(JSON.stringify([base.toJSON(null, false), hashes])));
}
