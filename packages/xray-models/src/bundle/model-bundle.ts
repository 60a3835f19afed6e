import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { sha256 } from 'xray-core';
import type { LayerClass } from '../layers/custom-objects.js';
import { BUNDLE_VERSION, BundleError, type BundleMetadata, type StoredMetadata } from './bundle-metadata.js';
import { checkMetadata } from './check-metadata.js';
import { readModel } from './read-model.js';

/** A model and what is needed to use it. The owner calls `model.dispose()`. */
export interface ModelBundle {
  /** Takes float32 `[batch, height, width, channels]` in `[0, 1]`, gives `[batch, classes]`. */
  readonly model: LayersModel;
  readonly metadata: BundleMetadata;
}

/**
 * Saves model, metadata and the weights' SHA-256 through any TensorFlow.js IOHandler: a folder in Node
 * (`xray-node-gpu`), IndexedDB or a download in the browser. Plain `tf.loadLayersModel` loads the result too.
 *
 * @throws {ClassMismatchError} If the model has another number of outputs than the class list has names.
 * @throws {BundleError} If a field of the metadata is missing or out of range, or the model takes other images than it says.
 * @throws {BundleError} If several weights have one name, as models within the model may: TensorFlow.js cannot load them again.
 */
export async function saveBundle(bundle: ModelBundle, handler: tf.io.IOHandler): Promise<void> {
  const { model, metadata } = bundle;
  checkMetadata(metadata, model);
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      checkNames(artifacts.weightSpecs ?? []);
      const weights = joinWeights(artifacts.weightData);
      const stored: StoredMetadata = {
        ...metadata,
        bundleVersion: BUNDLE_VERSION,
        weightsSha256: await sha256(weights),
      };
      if (handler.save === undefined)
        throw new BundleError('cannot be saved there', 'The handler only loads.');
      return handler.save({
        ...artifacts,
        weightData: weights.buffer as ArrayBuffer,
        userDefinedMetadata: { ...artifacts.userDefinedMetadata, xray: stored },
      });
    }),
  );
}

function checkNames(weights: readonly { readonly name: string }[]): void {
  const names = weights.map(({ name }) => name);
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice === undefined) return;
  throw new BundleError(
    `cannot be saved: several of its weights are called ${twice}, and TensorFlow.js loads none of that name twice`,
    'Give every layer a name of its own, also in models within the model.',
  );
}

/** Options of `loadBundle`. */
export interface LoadBundleOptions {
  /** Classes for layers that TensorFlow.js lacks, by the name that they were saved under. @default {} */
  layers?: Readonly<Record<string, LayerClass>> | undefined;
}

/**
 * Loads what `saveBundle` wrote and checks it before use: version, SHA-256 of the weights, metadata, size of images, classes.
 *
 * @throws {BundleError} If it is no bundle, of another version, its weights are truncated or changed, or a field of its
 *   metadata is missing, out of range or at odds with the model.
 * @throws {ClassMismatchError} If the model has another number of outputs than the class list has names.
 */
export async function loadBundle(
  handler: tf.io.IOHandler,
  { layers = {} }: LoadBundleOptions = {},
): Promise<ModelBundle> {
  if (handler.load === undefined)
    throw new BundleError('cannot be loaded from there', 'The handler only saves.');
  const artifacts = await handler.load();
  const stored = artifacts.userDefinedMetadata?.xray as StoredMetadata | undefined;
  if (stored === undefined) {
    throw new BundleError(
      'has no metadata: this is a plain TensorFlow.js model',
      'Make a bundle of it with `importModel`, which asks for its labels and the range of pixel values it wants.',
    );
  }
  if (stored.bundleVersion !== BUNDLE_VERSION) {
    throw new BundleError(
      `has version ${stored.bundleVersion}, this package reads version ${BUNDLE_VERSION}`,
      'Install the version of xray-models that wrote it.',
    );
  }
  const weights = joinWeights(artifacts.weightData);
  const found = await sha256(weights);
  const { bundleVersion: _version, weightsSha256, ...metadata } = stored;
  if (found !== weightsSha256) {
    throw new BundleError(
      `has damaged weights: their SHA-256 is ${found.slice(0, 12)}…, expected ${weightsSha256.slice(0, 12)}…`,
      'Copy or train it again.',
    );
  }
  const model = await readModel(artifacts, weights.buffer as ArrayBuffer, layers);
  try {
    checkMetadata(metadata, model);
  } catch (error) {
    model.dispose();
    throw error;
  }
  return { model, metadata };
}

/** One buffer, starting at byte 0. */
function joinWeights(data: tf.io.WeightData | undefined): Uint8Array {
  return new Uint8Array(tf.io.CompositeArrayBuffer.join(data ?? new ArrayBuffer(0)));
}
