import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel, layers } from '@tensorflow/tfjs-layers';
import { InvalidArgumentError } from 'xray-core';
import type { LayerWeights } from './layer-weights.js';
import { type LayerPair, layersWithWeights, pairByName, pairByOrder } from './pair-layers.js';
import { WeightMismatchError } from './weight-mismatch-error.js';

/** Options of `loadPretrainedWeights`. */
export interface PretrainedOptions {
  /**
   * Which layer of the file goes into which layer of the model: the one of the same name, or the one at the same place
   * among the layers with weights. `auto` is by name where every layer of the model has its like in the file, else by order
   * where all of them fit: Keras numbers its layers by session (`conv2d` to `conv2d_93`, or `conv2d_94` and so on). With
   * `missing: 'keep'` it is by name as long as one name is in both.
   *
   * @default 'auto'
   */
  by?: 'auto' | 'name' | 'order' | undefined;
  /**
   * Layers of the model that the file does not have: an error, or they keep the weights that they have. A file that has none
   * of them is always an error.
   *
   * @default 'fail'
   */
  missing?: 'fail' | 'keep' | undefined;
}

/** What came from the file. Names of layers. */
export interface LoadedWeights {
  /** How the layers were found. */
  readonly by: 'name' | 'order';
  readonly loaded: readonly string[];
  /** Layers of the model that the file does not have. */
  readonly missing: readonly string[];
  /** Layers of the file that the model does not have, such as the top of a network without one. */
  readonly unused: readonly string[];
}

/**
 * Puts pretrained weights into a model. Everything is checked first: if one layer does not fit, none is changed.
 *
 * @param model - Layers within models within it are found, too.
 * @param stored - From `readKerasWeights` or `weightsOfLayersModel`.
 * @throws {WeightMismatchError} With every layer that does not fit and both shapes.
 *
 * @example
 * const { unused } = loadPretrainedWeights(base, await readKerasWeights({ name: 'inception.h5', bytes }));
 */
export function loadPretrainedWeights(
  model: LayersModel,
  stored: readonly LayerWeights[],
  options: PretrainedOptions = {},
): LoadedWeights {
  const { missing = 'fail' } = options;
  const { by, pairs } = pairLayers(layersWithWeights(model), stored, options.by ?? 'auto', missing);
  const isKept = missing === 'keep' && pairs.some(({ source }) => source);
  const problems = pairs.flatMap(({ layer, source, values }) => {
    if (values || (!source && isKept)) return [];
    if (!source) return [`${layer.name} ${shapesOf(layer)} is not in the file`];
    const name = source.layer === layer.name ? '' : `${source.layer} `;
    return [`${layer.name} has ${shapesOf(layer)}, the file ${name}${storedShapes(source)}`];
  });
  const used = new Set(pairs.map(({ source }) => source));
  const unused = stored.filter((source) => !used.has(source));
  if (problems.length > 0) throw new WeightMismatchError(model.name, problems, unused.map(describeStored));
  for (const { layer, values } of pairs) {
    if (!values) continue;
    tf.tidy(() => {
      layer.setWeights(values.map(({ values, shape }) => tf.tensor(values, [...shape])));
    });
  }
  const namesOf = (some: readonly LayerPair[]) => some.map(({ layer }) => layer.name);
  return {
    by,
    loaded: namesOf(pairs.filter(({ source }) => source)),
    missing: namesOf(pairs.filter(({ source }) => !source)),
    unused: unused.map(({ layer }) => layer),
  };
}

function pairLayers(
  own: readonly layers.Layer[],
  stored: readonly LayerWeights[],
  by: 'auto' | 'name' | 'order',
  missing: 'fail' | 'keep',
): { by: 'name' | 'order'; pairs: LayerPair[] } {
  if (!['auto', 'name', 'order'].includes(by)) {
    throw new InvalidArgumentError({ argument: 'by', expected: "'auto', 'name' or 'order'", received: by });
  }
  const fits = (pairs: readonly LayerPair[]) => pairs.every(({ values }) => values);
  const named = pairByName(own, stored);
  const haveNames = named.some(({ source }) => source);
  const byName = by === 'auto' ? fits(named) || (missing === 'keep' && haveNames) : by === 'name';
  if (byName) return { by: 'name', pairs: named };
  const ordered = pairByOrder(own, stored);
  if (by === 'order' || fits(ordered) || !haveNames) return { by: 'order', pairs: ordered };
  return { by: 'name', pairs: named };
}

const listShapes = (shapes: readonly { readonly shape: readonly (number | null)[] }[]) =>
  shapes.map(({ shape }) => `[${shape.join(', ')}]`).join(' ');
const shapesOf = (layer: layers.Layer) => listShapes(layer.weights);
const storedShapes = ({ weights }: LayerWeights) => listShapes(weights) || 'none';
const describeStored = (source: LayerWeights) => `${source.layer} ${storedShapes(source)}`;
