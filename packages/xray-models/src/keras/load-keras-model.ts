import type { LayersModel } from '@tensorflow/tfjs-layers';
import { FileError } from 'xray-core';
import { modelFromTopology } from '../bundle/model-from-topology.js';
import type { LayerClass } from '../layers/custom-objects.js';
import { type FileBytes, fetchFile, type ReadOptions } from '../weights/file-bytes.js';
import { loadPretrainedWeights } from '../weights/load-pretrained-weights.js';
import { WeightMismatchError } from '../weights/weight-mismatch-error.js';
import { readKerasFile } from './keras-file.js';
import { translateModel } from './translate-model.js';

/** Options of `loadKerasModel`. */
export interface KerasModelOptions extends ReadOptions {
  /**
   * Classes for layers that TensorFlow.js lacks, or to use instead of its own, by their name in Keras: `RandomFlip`, or
   * `package>Class` for those registered in Python. Their constructors get the settings as Keras names them, in camel case.
   *
   * @default {}
   */
  layers?: Readonly<Record<string, LayerClass>> | undefined;
}

/**
 * Builds a model from a file of Keras 2 or 3, a whole model as `.h5` or `.keras`, with the batch norm and dropout of this package
 * in it. It computes what it computes in Keras, or there is an error.
 *
 * Frozen layers stay frozen. Not kept: optimizer, losses and metrics, how initial weights were drawn, and `training=False` in
 * the call of a model within the model (freeze it instead).
 *
 * @param file - Its bytes, or a URL to fetch it from; `readFileBytes(path)` of `xray-models/node` reads one from a folder.
 * @returns Uncompiled; the caller disposes it.
 * @throws {UnsupportedModelError} With all layers and settings that TensorFlow.js lacks, ignores, computes otherwise, or loses
 *   when it saves the model.
 * @throws {FileError} If it is something else, truncated or corrupt, has weights alone, or cannot be fetched.
 *
 * @example
 * const model = await loadKerasModel(await readFileBytes('model.keras'));
 */
export async function loadKerasModel(
  file: FileBytes | URL,
  { layers = {}, signal }: KerasModelOptions = {},
): Promise<LayersModel> {
  const found = await fetchFile(file, { signal });
  const own = new Set(Object.keys(layers));
  const { model: topology, layers: stored } = await readKerasFile(found, (architecture) =>
    translateModel(architecture, found.name, own),
  );
  if (!topology) {
    throw new FileError({
      file: found.name,
      problem: 'has weights alone, and no architecture',
      fix: 'Load them into a network with `readKerasWeights` and `loadPretrainedWeights`, or save the whole model.',
    });
  }
  const model = await modelFromTopology(topology, layers);
  try {
    const { unused } = loadPretrainedWeights(model, stored);
    if (unused.length > 0) throw new WeightMismatchError(model.name, [], unused);
  } catch (error) {
    model.dispose();
    throw error;
  }
  return model;
}
