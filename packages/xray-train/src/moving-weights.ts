import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { modelParts } from './replicas/model-parts.js';

type Weight = LayersModel['weights'][number];

/** Weights that a forward pass in training changes: moving averages of batch norm that is not frozen. */
export function movingWeights(model: LayersModel): Weight[] {
  const { layers } = modelParts(model);
  return layers.flatMap((layer) =>
    layer.trainable && !('layers' in layer) ? layer.nonTrainableWeights : [],
  );
}

/** What weights were at some time. */
export interface KeptWeights {
  putBack(): void;
  dispose(): void;
}

/** Keeps weights as they are now; a copy on backends only that do not share the data of equal tensors. */
export function keepWeights(weights: readonly Weight[]): KeptWeights {
  const kept = weights.map((weight) => tf.clone(weight.read()));
  return {
    putBack: () =>
      weights.forEach((weight, index) => {
        weight.write(kept[index]!);
      }),
    dispose: () => void tf.dispose(kept),
  };
}
