import type { Group } from 'h5wasm';
import { FileError } from 'xray-core';
import { groupBy } from '../group-by.js';
import type { LayerWeights, StoredWeight } from '../weights/layer-weights.js';
import { readWeight, textListAttribute } from './hdf5.js';

/**
 * Reads the weights of an `.h5` file, whole model or weights alone, as Keras 1 to 3 write them: a group per layer, in the order
 * of the model's layers, which its attribute `layer_names` holds.
 *
 * @param group - With that attribute.
 */
export function readLegacyWeights(group: Group, file: string): LayerWeights[] {
  return textListAttribute(group, 'layer_names')!.flatMap((layerName) => {
    const layer = group.get(layerName) as Group | null;
    const paths = layer && textListAttribute(layer, 'weight_names');
    if (!paths)
      throw new FileError({
        file,
        problem: `has no weights of ${layerName}, but lists it`,
        fix: 'Save it again.',
      });
    return layersOf(layerName, paths).map(({ name, paths }) => ({
      layer: name,
      weights: paths.map((path): StoredWeight => readWeight(layer, path, nameOf(path), file)),
    }));
  });
}

/** The weights of a model within the model lie in its group, each below the name of its layer. */
function layersOf(layerName: string, paths: readonly string[]): { name: string; paths: string[] }[] {
  const owners = groupBy(paths, (path) => path.split('/').at(-2) ?? layerName);
  // Of a single layer, Keras may have kept the name that it had when its weights were made.
  if (owners.size <= 1) return paths.length > 0 ? [{ name: layerName, paths: [...paths] }] : [];
  return [...owners].map(([name, own]) => ({ name, paths: own }));
}

/** `conv2d/kernel:0` is the kernel. */
const nameOf = (path: string) => path.split('/').at(-1)!.replace(/:\d+$/, '');
