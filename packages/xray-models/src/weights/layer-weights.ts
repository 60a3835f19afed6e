import * as tf from '@tensorflow/tfjs-core';
import { InvalidArgumentError } from 'xray-core';
import { completeWeights } from './complete-weights.js';

/** One weight as a file holds it. */
export interface StoredWeight {
  /** Within its layer: `kernel`, `bias`, `beta`, `gamma`, `moving_mean`, `moving_variance`, ... */
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** The weights of one layer as a file holds them. */
export interface LayerWeights {
  /** Name of the layer, such as `conv2d_1`; where the file has no names, its place in the file. */
  readonly layer: string;
  /**
   * Class of the layer, such as `conv2d`, in files whose layers are in order within their class only. Absent where all of
   * them are in the order of the model.
   */
  readonly kind?: string | undefined;
  readonly weights: readonly StoredWeight[];
}

/**
 * Lists the weights of a TensorFlow.js layers model, quantised ones (uint8, uint16, float16) as float32.
 *
 * @param artifacts - What an IOHandler's `load` gives: of a folder (`modelFolder` of `xray-node-gpu`), a URL
 *   (`tf.io.http`), or files that a user picked.
 * @throws {InvalidArgumentError} If it is a graph model, or its weights are truncated.
 *
 * @example
 * const layers = weightsOfLayersModel(await tf.io.http('https://example.org/model.json').load());
 */
export function weightsOfLayersModel(artifacts: tf.io.ModelArtifacts): LayerWeights[] {
  if (artifacts.format === 'graph-model') {
    throw new InvalidArgumentError({
      argument: 'artifacts',
      expected: 'a layers model',
      received: artifacts.format,
      fix: 'Use `loadGraphFeatures` for graph models: their weights do not belong to layers.',
    });
  }
  const tensors = tf.io.decodeWeights(completeWeights(artifacts), artifacts.weightSpecs ?? []);
  const layers = new Map<string, StoredWeight[]>();
  for (const [path, tensor] of Object.entries(tensors)) {
    // Layers of models within the model come with a longer path.
    const parts = path.split('/');
    const name = parts.pop()!;
    const layer = parts.pop() ?? '';
    const weights = layers.get(layer) ?? [];
    weights.push({ name, shape: tensor.shape, values: Float32Array.from(tensor.dataSync()) });
    layers.set(layer, weights);
  }
  tf.dispose(tensors);
  return [...layers].map(([layer, weights]) => ({ layer, weights }));
}
