import type { Group } from 'h5wasm';
import { FileError } from 'xray-core';
import type { StoredWeight } from '../weights/layer-weights.js';
import { groupIn, groupsIn, readWeight, textAttribute } from './hdf5.js';

/** The weights of one layer of a `.weights.h5` file. */
export interface NumberedLayer {
  /** Where they lie, without `layers`: `conv2d_1`, or `functional/conv2d_1` in a model within the model. */
  readonly path: string;
  /** Name of the layer, which Keras writes since 3.6. */
  readonly name: string | undefined;
  readonly weights: readonly StoredWeight[];
}

/** What Keras calls the list of a model's layers; the second one from 2.12 to 2.14. */
const LAYER_LISTS = ['layers', '_layer_checkpoint_dependencies'];

/**
 * Reads the weights of a `.weights.h5` file, or of that in a `.keras` file: `layers/<class>_<number>/vars/<place>`, numbered per
 * class in the order of the model's layers. States of random generators are no weights and left out.
 *
 * @param root - Of the file.
 * @returns Layers with weights: per class in their order, classes alphabetically. Nothing if this is no such file.
 */
export function readNumberedWeights(root: Group, file: string): NumberedLayer[] | undefined {
  const list = layerListOf(root);
  return list && readList(list, '', file);
}

function layerListOf(group: Group): Group | undefined {
  return LAYER_LISTS.map((name) => groupIn(group, name)).find((found) => found !== undefined);
}

function readList(list: Group, parent: string, file: string): NumberedLayer[] {
  const numbered = groupsIn(list).map(([key, layer]) => {
    const [, kind = key, number = '0'] = /^(.*?)(?:_(\d+))?$/.exec(key)!;
    return { key, layer, kind, number: Number(number) };
  });
  numbered.sort((a, b) => (a.kind === b.kind ? a.number - b.number : a.kind < b.kind ? -1 : 1));
  return numbered.flatMap(({ key, layer }) => {
    const path = `${parent}${key}`;
    const inner = layerListOf(layer);
    if (inner) return readList(inner, `${path}/`, file);
    const weights = weightsIn(layer, file);
    const vars = groupIn(layer, 'vars');
    const name = vars && textAttribute(vars, 'name');
    return weights.length > 0 ? [{ path, name, weights }] : [];
  });
}

/** Of a layer itself, or of the one layer that it wraps. */
function weightsIn(layer: Group, file: string): StoredWeight[] {
  const vars = groupIn(layer, 'vars');
  const own = vars
    ? vars
        .keys()
        .sort((a, b) => Number(a) - Number(b))
        .map((place) => readWeight(vars, place, place, file))
    : [];
  const inner = groupsIn(layer)
    .filter(([name]) => name !== 'vars' && !name.includes('seed_generator'))
    .map(([name, group]) => ({ name, weights: weightsIn(group, file) }))
    .filter(({ weights }) => weights.length > 0);
  if (inner.length > 1) {
    const names = inner.map(({ name }) => name).join(', ');
    throw new FileError({
      file,
      problem: `has a layer of several layers at ${layer.path} (${names}), whose order is not known`,
    });
  }
  return [...own, ...inner.flatMap(({ weights }) => weights)];
}
