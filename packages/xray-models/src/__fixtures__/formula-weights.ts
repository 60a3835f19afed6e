import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, model as modelOf } from '@tensorflow/tfjs-layers';
import { expect } from 'vitest';

/** Numbers in [-0.5, 0.5) by Knuth's multiplicative hash; the same as in scripts/make-network-references.py. */
export function noise(count: number, offset: number): Float64Array {
  return Float64Array.from({ length: count }, (_, index) => {
    const hashed = Math.imul(index + offset, 2654435761) >>> 0;
    return ((hashed ^ (hashed >>> 15)) >>> 0) / 2 ** 32 - 0.5;
  });
}

function numberOf(name: string): number {
  const [, kind, number] = /^(conv2d|batch_normalization)_(\d+)$/.exec(name) ?? [];
  if (number) return Number(number) + (kind === 'conv2d' ? 0 : 500);
  return [...name].reduce((sum, letter, place) => sum + (place + 1) * letter.charCodeAt(0), 0) % 997;
}

/** Fills every layer with weights that depend on its name alone. */
function fillByFormula(model: LayersModel): void {
  for (const layer of model.layers) {
    if (layer.weights.length === 0) continue;
    const values = layer.weights.map((weight, place) => {
      const shape = weight.shape as number[];
      const kind = weight.originalName.split('/').at(-1)!;
      const isDepthwise = shape.at(-1) === 1;
      const fanIn = shape.slice(0, isDepthwise ? 2 : -1).reduce((product, size) => product * size, 1);
      const factor = kind.endsWith('kernel') ? Math.sqrt(24 / fanIn) : 1;
      const start = kind === 'moving_variance' || kind === 'gamma' ? 1 : 0;
      const numbers = noise(tf.util.sizeFromShape(shape), numberOf(layer.name) * 1000 + place * 100);
      return tf.tensor(
        Float32Array.from(numbers, (value) => value * factor + start),
        shape,
      );
    });
    layer.setWeights(values);
    tf.dispose(values);
  }
}

/** What Keras' network gives in some of its layers. */
export interface NetworkReference {
  readonly size: number;
  readonly parameters: number;
  readonly layers: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly mean: number;
    readonly deviation: number;
    readonly places: readonly number[];
    readonly values: readonly number[];
  }[];
}

/** Checks a network for images of the reference's size and three channels, layer by layer. */
export function expectKerasOutputs(model: LayersModel, { size, parameters, layers }: NetworkReference): void {
  expect(model.countParams()).toBe(parameters);
  fillByFormula(model);
  const outputs = layers.map(({ name }) => model.getLayer(name).output as never);
  const parts = modelOf({ inputs: model.inputs, outputs });
  tf.tidy(() => {
    const pixels = Float32Array.from(noise(size * size * 3, 7), (value) => value + 0.5);
    const results = parts.predict(tf.tensor4d(pixels, [1, size, size, 3])) as tf.Tensor[];
    layers.forEach(({ shape, mean, deviation, places, values }, index) => {
      const found = results[index]!;
      const numbers = found.dataSync();
      expect(found.shape.slice(1)).toEqual(shape);
      expect(Math.abs(tf.mean(found).dataSync()[0]! - mean)).toBeLessThan(1e-4 * deviation);
      places.forEach((place, at) => {
        expect(Math.abs(numbers[place]! - values[at]!)).toBeLessThan(1e-4 * deviation);
      });
    });
  });
}
