import { type LayersModel, models } from '@tensorflow/tfjs-layers';
import { GraphFeatures, loadConverter } from '../graph/graph-features.js';
import { CUSTOM_OBJECTS, customObject, type LayerClass } from '../layers/custom-objects.js';
import { functionalTopology } from './functional-topology.js';

/**
 * Builds a model from its architecture alone, with the layers of this package in it; its weights are new ones. For
 * copies of a model in workers.
 *
 * @param topology - What `model.toJSON(null, false)` gives.
 * @param layers - Further classes of layers by name.
 *
 * @example
 * const copy = await modelFromTopology(model.toJSON(null, false));
 */
export async function modelFromTopology(
  topology: object,
  layers: Readonly<Record<string, LayerClass>> = {},
): Promise<LayersModel> {
  const modelTopology = functionalTopology(topology);
  if (JSON.stringify(modelTopology).includes(`"${GraphFeatures.className}"`)) await loadConverter();
  const own = Object.entries(layers).map(([name, layer]) => [name, customObject(layer)]);
  const customObjects = { ...CUSTOM_OBJECTS, ...Object.fromEntries(own) };
  return models.modelFromJSON({ modelTopology } as never, customObjects as never);
}
