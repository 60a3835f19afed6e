import type { LayersModel, layers } from '@tensorflow/tfjs-layers';
import { groupBy } from '../group-by.js';
import { snakeCase } from '../keras/keras-config.js';
import type { LayerWeights, StoredWeight } from './layer-weights.js';

/** A layer of the model and what the file has for it, in the order of the layer's weights. */
export interface LayerPair {
  readonly layer: layers.Layer;
  readonly source: LayerWeights | undefined;
  /** Absent where the file has nothing for the layer, or something of other shapes. */
  readonly values: StoredWeight[] | undefined;
}

/** Pairs layers of the same name. A name that the file has twice is none. */
export function pairByName(own: readonly layers.Layer[], stored: readonly LayerWeights[]): LayerPair[] {
  const byName = groupBy(stored, ({ layer }) => layer);
  return own.map((layer) => {
    const named = byName.get(layer.name) ?? [];
    return pair(layer, named.length === 1 ? named[0] : undefined);
  });
}

/** Pairs layers at the same place, among all of them or, where the file knows no more, among those of their class. */
export function pairByOrder(own: readonly layers.Layer[], stored: readonly LayerWeights[]): LayerPair[] {
  const full = stored.filter(({ weights }) => weights.length > 0);
  const hasKinds = full.some(({ kind }) => kind !== undefined);
  const queues = groupBy(full, ({ kind }) => kind);
  return own.map((layer) => {
    const kind = hasKinds ? snakeCase(layer.getClassName()) : undefined;
    return pair(layer, queues.get(kind)?.shift());
  });
}

function pair(layer: layers.Layer, source: LayerWeights | undefined): LayerPair {
  return { layer, source, values: source && matchWeights(layer, source) };
}

/** In the order of the layer's own weights: by name where the names are the same, else by place. */
function matchWeights(layer: layers.Layer, { weights }: LayerWeights): StoredWeight[] | undefined {
  if (weights.length !== layer.weights.length) return undefined;
  const names = layer.weights.map(({ originalName }) => originalName.split('/').at(-1)!);
  const named = names.flatMap((name) => weights.find((weight) => weight.name === name) ?? []);
  // A layer that wraps two has every name twice.
  const ordered = new Set(named).size === names.length ? named : weights;
  const fits = layer.weights.every(({ shape }, place) => String(shape) === String(ordered[place]!.shape));
  return fits ? [...ordered] : undefined;
}

/** Also of models within the model. */
export function layersWithWeights(model: LayersModel): layers.Layer[] {
  return model.layers.flatMap((layer: layers.Layer & Partial<Pick<LayersModel, 'layers'>>) => {
    if (layer.layers) return layersWithWeights(layer as unknown as LayersModel);
    return layer.weights.length > 0 ? [layer] : [];
  });
}
