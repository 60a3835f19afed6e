import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** Numbers in [-0.5, 0.5) by Knuth's multiplicative hash; the same as in the scripts that use Keras. */
export function noise(count: number, offset: number): Float64Array {
  return Float64Array.from({ length: count }, (_, index) => {
    const hashed = Math.imul(index + offset, 2654435761) >>> 0;
    return ((hashed ^ (hashed >>> 15)) >>> 0) / 2 ** 32 - 0.5;
  });
}

/** Fills every layer with weights that depend on the number in its name alone. */
export function fillByFormula(model: LayersModel, numberOf: (layerName: string) => number): void {
  for (const layer of model.layers) {
    if (layer.weights.length === 0) continue;
    const number = numberOf(layer.name);
    const values = layer.weights.map((weight, place) => {
      const shape = weight.shape as number[];
      const name = weight.originalName.split('/').at(-1)!;
      const fanIn = shape.slice(0, -1).reduce((product, size) => product * size, 1);
      const numbers = noise(tf.util.sizeFromShape(shape), number * 1000 + place * 100);
      if (name === 'kernel') for (let at = 0; at < numbers.length; at++) numbers[at]! *= Math.sqrt(24 / fanIn);
      if (name === 'moving_variance') for (let at = 0; at < numbers.length; at++) numbers[at]! += 1;
      return tf.tensor(Float32Array.from(numbers), shape);
    });
    layer.setWeights(values);
    tf.dispose(values);
  }
}
