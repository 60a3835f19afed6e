import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { type LayerNormalizationOptions, layerNormalization } from './layer-normalization.js';

const SHAPE = [3, 4, 5, 2];
const input = () => tf.add(tf.mul(tf.randomNormal(SHAPE, 0, 1, 'float32', 5), 2), 3);
const upstream = () => tf.randomNormal(SHAPE, 0, 1, 'float32', 6);
const values = (tensor: tf.Tensor) => Array.from(tensor.dataSync());

describe('LayerNormalization', () => {
  it.each<LayerNormalizationOptions>([{}, { axis: [1, 2, 3] }, { axis: [2, 3], epsilon: 1e-5 }])(
    'gives what the stock layer gives: %j',
    (options) => {
      tf.tidy(() => {
        const own = layerNormalization(options);
        const stock = layers.layerNormalization(options);
        const outputs = [own, stock].map((layer) => {
          layer.build(SHAPE);
          layer.setWeights(
            layer.weights.map(({ shape }, at) => tf.randomUniform(shape as number[], 0, 2, 'float32', at)),
          );
          return values(layer.apply(input()) as tf.Tensor);
        });
        outputs[0]!.forEach((value, at) => {
          expect(value).toBeCloseTo(outputs[1]![at]!, 4);
        });
      });
    },
  );

  it('without weights brings each image to mean 0 and variance 1', () => {
    tf.tidy(() => {
      const layer = layerNormalization({ axis: [1, 2, 3], scale: false, center: false, epsilon: 1e-7 });
      const { mean, variance } = tf.moments(layer.apply(input()) as tf.Tensor, [1, 2, 3]);
      for (const value of values(mean)) expect(value).toBeCloseTo(0, 5);
      for (const value of values(variance)) expect(value).toBeCloseTo(1, 4);
    });
  });

  it('has the gradient that finite differences give, without weights too', () => {
    tf.tidy(() => {
      for (const options of [{ axis: 3 }, { axis: [1, 2, 3], scale: false, center: false }]) {
        const layer = layerNormalization(options);
        const loss = (x: tf.Tensor) => tf.sum(tf.mul(layer.apply(x) as tf.Tensor, upstream())) as tf.Scalar;
        const x = input();
        const numbers = values(x);
        const gradient = values(tf.grad(loss)(x));
        for (const at of [0, 7, 33, 119]) {
          const at0 = (offset: number) =>
            loss(
              tf.tensor(
                numbers.map((value, index) => (index === at ? value + offset : value)),
                SHAPE,
              ),
            ).dataSync()[0]!;
          const slope = (at0(1e-2) - at0(-1e-2)) / 2e-2;
          expect(Math.abs(gradient[at]! - slope)).toBeLessThan(4e-3 + 2e-2 * Math.abs(slope));
        }
      }
    });
  });
});
