import { type LayersModel, model as modelOf } from '@tensorflow/tfjs-layers';
import { inputOf, layersBefore, outputOfLayer } from './trace-graph.js';

/**
 * Cuts a model after one of its layers and keeps the front, as a base to build on. The given model is used up: the
 * layers behind the cut are disposed, those before it now belong to the result.
 *
 * @param model - With one input and one output.
 * @param layerName - The last layer to keep, such as `mixed10` of InceptionV3 or `block3_pool` of the CNN.
 * @returns A model from the same input to what that layer gives.
 * @throws {InvalidArgumentError} If there is no such layer; the model is then as it was.
 *
 * @example
 * const base = cutModel(bundle.model, 'block3_pool');
 */
export function cutModel(model: LayersModel, layerName: string): LayersModel {
  const output = outputOfLayer(model, layerName);
  const kept = new Set(layersBefore(output));
  for (const layer of model.layers) if (!kept.has(layer)) layer.dispose();
  return modelOf({ inputs: inputOf(model), outputs: output, name: `${model.name}_to_${layerName}` });
}
