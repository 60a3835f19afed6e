import { type LayersModel, models } from '@tensorflow/tfjs-layers';
import { CUSTOM_OBJECTS } from '../layers/custom-objects.js';
import { functionalTopology } from './functional-topology.js';

/**
 * Builds a model from its architecture alone, with the layers of this package in it; its weights are new ones. For
 * copies of a model in workers.
 *
 * @param topology - What `model.toJSON(null, false)` gives.
 *
 * @example
 * const copy = await modelFromTopology(model.toJSON(null, false));
 */
export function modelFromTopology(topology: object): Promise<LayersModel> {
  const modelTopology = functionalTopology(topology);
  return models.modelFromJSON({ modelTopology } as never, CUSTOM_OBJECTS as never);
}
