import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel, layers } from '@tensorflow/tfjs-layers';
import { InvalidArgumentError } from 'xray-core';
import type { LayerWeights, StoredWeight } from './layer-weights.js';
import { WeightMismatchError } from './weight-mismatch-error.js';

/** Options of `loadPretrainedWeights`. */
export interface PretrainedOptions {
  /**
   * Which layer of the file goes into which layer of the model: the one of the same name, or the one at the same place
   * among the layers with weights.
   *
   * @default 'name'
   */
  by?: 'name' | 'order';
  /**
   * Layers of the model that the file does not have: an error, or they keep the weights that they have.
   *
   * @default 'fail'
   */
  missing?: 'fail' | 'keep';
}

/** What came from the file. Names of layers. */
export interface LoadedWeights {
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
 * @throws {WeightMismatchError} With every layer that does not fit and both shapes.
 *
 * @example
 * const { unused } = loadPretrainedWeights(base, weightsOfLayersModel(await handler.load()));
 */
export function loadPretrainedWeights(
  model: LayersModel,
  stored: readonly LayerWeights[],
  options: PretrainedOptions = {},
): LoadedWeights {
  const { by = 'name', missing = 'fail' } = options;
  const own = layersWithWeights(model);
  const pairs = by === 'name' ? pairByName(own, stored) : pairByOrder(own, stored);
  const problems: string[] = [];
  const found: { layer: layers.Layer; source: LayerWeights; values: StoredWeight[] }[] = [];
  const absent: string[] = [];
  for (const { layer, source } of pairs) {
    if (source === undefined) {
      absent.push(layer.name);
      if (missing === 'fail') problems.push(`${layer.name} ${shapesOf(layer)} is not in the file`);
      continue;
    }
    const values = matchWeights(layer, source);
    if (values) found.push({ layer, source, values });
    else problems.push(`${layer.name} has ${shapesOf(layer)}, the file ${storedShapes(source)}`);
  }
  if (problems.length > 0) throw new WeightMismatchError(model.name, problems);
  for (const { layer, values } of found) {
    tf.tidy(() => {
      layer.setWeights(values.map(({ values, shape }) => tf.tensor(values, [...shape])));
    });
  }
  const used = new Set(found.map(({ source }) => source));
  return {
    loaded: found.map(({ layer }) => layer.name),
    missing: absent,
    unused: stored.filter((source) => !used.has(source)).map(({ layer }) => layer),
  };
}

interface Pair {
  readonly layer: layers.Layer;
  readonly source: LayerWeights | undefined;
}

function pairByName(own: readonly layers.Layer[], stored: readonly LayerWeights[]): Pair[] {
  const byName = new Map(stored.map((source) => [source.layer, source]));
  return own.map((layer) => ({ layer, source: byName.get(layer.name) }));
}

function pairByOrder(own: readonly layers.Layer[], stored: readonly LayerWeights[]): Pair[] {
  const full = stored.filter(({ weights }) => weights.length > 0);
  if (full.length < own.length) {
    throw new InvalidArgumentError({
      argument: 'stored',
      expected: `at least ${own.length} layers with weights, as many as the model has`,
      received: full.length,
      fix: "Load by name, or with `missing: 'keep'`.",
    });
  }
  return own.map((layer, place) => ({ layer, source: full[place] }));
}

/** In the order of the layer's own weights: by name where the names are the same, else by place. */
function matchWeights(layer: layers.Layer, { weights }: LayerWeights): StoredWeight[] | undefined {
  if (weights.length !== layer.weights.length) return undefined;
  const names = layer.weights.map(({ originalName }) => originalName.split('/').at(-1)!);
  const named = names.map((name) => weights.find((weight) => weight.name === name));
  const ordered = named.every((weight) => weight !== undefined) ? named : weights;
  const fits = layer.weights.every(({ shape }, place) => String(shape) === String(ordered[place]!.shape));
  return fits ? [...ordered] : undefined;
}

function layersWithWeights(model: LayersModel): layers.Layer[] {
  return model.layers.flatMap((layer: layers.Layer & Partial<Pick<LayersModel, 'layers'>>) => {
    if (layer.layers) return layersWithWeights(layer as unknown as LayersModel);
    return layer.weights.length > 0 ? [layer] : [];
  });
}

const shapesOf = (layer: layers.Layer) => layer.weights.map(({ shape }) => `[${shape.join(', ')}]`).join(' ');
const storedShapes = ({ weights }: LayerWeights) =>
  weights.map(({ shape }) => `[${shape.join(', ')}]`).join(' ') || 'none';
