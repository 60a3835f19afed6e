import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { LayerClass } from '../layers/custom-objects.js';
import { modelFromTopology } from './model-from-topology.js';

/**
 * A model with its weights from what an IOHandler loads, with the layers of this package in it.
 *
 * @param weights - The bytes of all weights.
 */
export async function readModel(
  { modelTopology, weightSpecs = [] }: tf.io.ModelArtifacts,
  weights: ArrayBuffer,
  layers: Readonly<Record<string, LayerClass>> = {},
): Promise<LayersModel> {
  const model = await modelFromTopology(modelTopology as object, layers);
  const values = tf.io.decodeWeights(weights, weightSpecs);
  try {
    model.loadWeights(values);
  } catch (error) {
    model.dispose();
    throw error;
  } finally {
    tf.dispose(values);
  }
  return model;
}
