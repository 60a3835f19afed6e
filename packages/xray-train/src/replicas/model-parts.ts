import type { LayersModel, layers } from '@tensorflow/tfjs-layers';
import type { TrainableFlags } from './messages.js';

type Weight = LayersModel['weights'][number];

/** Layers and weights of a model in an order that, unlike `model.weights`, does not depend on what trains. */
export interface ModelParts {
  /** Models before the layers in them. */
  readonly layers: readonly layers.Layer[];
  readonly weights: readonly Weight[];
}

/** Lists the parts of a model, those of nested models included. */
export function modelParts(model: LayersModel): ModelParts {
  const found = new Set<layers.Layer>();
  const weights = new Set<Weight>();
  const visit = (layer: layers.Layer & Partial<Pick<LayersModel, 'layers'>>) => {
    found.add(layer);
    if (layer.layers) layer.layers.forEach(visit);
    else for (const weight of layer.weights) weights.add(weight);
  };
  visit(model);
  return { layers: [...found], weights: [...weights] };
}

/** What trains, as plain data. */
export function trainableFlags(parts: ModelParts): TrainableFlags {
  return {
    layers: parts.layers.map(({ trainable }) => trainable),
    weights: parts.weights.map(({ trainable }) => trainable),
  };
}

/** Makes the same layers and weights train as in the model the flags come from. */
export function applyTrainableFlags(parts: ModelParts, flags: TrainableFlags): void {
  // A model's setter reaches into its layers, so weights have the last word.
  parts.layers.forEach((layer, index) => {
    layer.trainable = flags.layers[index]!;
  });
  parts.weights.forEach((weight, index) => {
    weight.trainable = flags.weights[index]!;
  });
}
