import type { LayersModel, layers } from '@tensorflow/tfjs-layers';

/** One row of a model summary. */
export interface LayerDescription {
  readonly name: string;
  /** Class name as in saved files, for example `Conv2D`. */
  readonly type: string;
  /** Batch axis first and `null`, for example `[null, 222, 222, 32]`. */
  readonly outputShape: readonly (number | null)[];
  /** Number of weights of this layer. */
  readonly parameters: number;
  /** Those that training changes; 0 when the layer is frozen. */
  readonly trainableParameters: number;
}

/** What a model consists of, as plain JSON. */
export interface ModelDescription {
  readonly name: string;
  readonly layers: readonly LayerDescription[];
  readonly parameters: number;
  readonly trainableParameters: number;
}

/** Lists a model's layers with shapes and parameter counts; what `model.summary()` prints, as data. */
export function describeModel(model: LayersModel): ModelDescription {
  return {
    name: model.name,
    layers: model.layers.map((layer) => ({
      name: layer.name,
      type: layer.getClassName(),
      outputShape: outputShape(layer),
      parameters: layer.countParams(),
      trainableParameters: countWeights(layer.trainableWeights),
    })),
    parameters: countWeights(model.weights),
    trainableParameters: countWeights(model.trainableWeights),
  };
}

function countWeights(weights: readonly { shape: readonly (number | null)[] }[]): number {
  return weights.reduce(
    (sum, { shape }) => sum + shape.reduce<number>((product, size) => product * (size ?? 1), 1),
    0,
  );
}

function outputShape(layer: layers.Layer): (number | null)[] {
  const shape = layer.outputShape;
  return Array.isArray(shape[0]) ? shape[0] : (shape as (number | null)[]);
}
