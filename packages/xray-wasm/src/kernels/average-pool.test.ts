import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom, type Random } from 'xray-core';
import { onBoth, randomValues, relativeError, startWasm } from '../__fixtures__/backends.js';
import type { PoolingAttributes } from '../pooling-geometry.js';
import { registerKernels, type WasmKernels } from '../register-kernels.js';

const TOLERANCE = 3e-6;

let kernels: WasmKernels;
beforeAll(async () => {
  await startWasm();
  kernels = await registerKernels();
});
afterAll(() => kernels.unregister());

type Shape = [number, number, number, number];

function drawCase(random: Random): { shape: Shape; attributes: PoolingAttributes } {
  const pads = ['same', 'valid', 1, [[0, 0], [1, 0], [0, 2], [0, 0]]] as const; // biome-ignore format: pairs
  return {
    shape: [random.integer(1, 4), random.integer(4, 13), random.integer(4, 13), random.integer(1, 22)],
    attributes: {
      filterSize: [random.integer(3, 5), random.integer(3, 5)],
      strides: [random.integer(1, 4), random.integer(1, 4)],
      pad: pads[random.integer(0, pads.length)] as PoolingAttributes['pad'],
    },
  };
}

const run = (name: string, inputs: tf.NamedTensorMap, attributes: PoolingAttributes) =>
  tf.engine().runKernel(name, inputs, attributes as unknown as tf.NamedAttrMap) as tf.Tensor;

const hasNumbers = ({ values }: { values: ArrayLike<number> }) => Array.from(values).every(Number.isFinite);

describe('AvgPool', () => {
  it('agrees with the cpu backend on random windows, strides, paddings and channels', async () => {
    const random = createRandom(1);
    for (let number = 0; number < 120; number++) {
      const { shape, attributes } = drawCase(random);
      const values = randomValues(random, shape);
      const { reference, own } = await onBoth(() => [
        run('AvgPool', { x: tf.tensor(values, shape) }, attributes),
      ]);
      const where = JSON.stringify({ shape, attributes });
      // A window outside the image, which TensorFlow.js allows with a number as padding, has no mean.
      if (hasNumbers(reference[0]!))
        expect(relativeError(own[0]!, reference[0]!), where).toBeLessThanOrEqual(TOLERANCE);
      else
        expect(Array.from(own[0]!.values, Number.isNaN)).toEqual(
          Array.from(reference[0]!.values, Number.isNaN),
        );
    }
  });
});

describe('AvgPoolGrad', () => {
  it('is the transpose of the pooling of the cpu backend', async () => {
    const random = createRandom(2);
    let count = 0;
    while (count < 120) {
      const { shape, attributes } = drawCase(random);
      const values = randomValues(random, shape);
      await tf.setBackend('cpu');
      const pooled = tf.tidy(() => {
        const output = run('AvgPool', { x: tf.tensor(values, shape) }, attributes);
        return { shape: output.shape, values: output.dataSync() };
      });
      await tf.setBackend('wasm');
      if (!hasNumbers(pooled)) continue;
      const dyValues = randomValues(random, pooled.shape);
      const dx = tf.tidy(() => {
        const inputs = { dy: tf.tensor(dyValues, pooled.shape), input: tf.tensor(values, shape) };
        return run('AvgPoolGrad', inputs, attributes).dataSync();
      });
      // <dy, pool(x)> = <gradient(dy), x>, since the pooling is linear.
      const product = (left: ArrayLike<number>, right: ArrayLike<number>) =>
        Array.from(left).reduce((sum, value, index) => sum + value * right[index]!, 0);
      const difference = product(dyValues, pooled.values) - product(dx, values);
      expect(Math.abs(difference), JSON.stringify({ shape, attributes })).toBeLessThan(
        1e-6 * dyValues.length ** 0.5 + 1e-6,
      );
      count++;
    }
  });

  it('agrees with the cpu backend where no window reaches over the border', async () => {
    const random = createRandom(3);
    for (let number = 0; number < 40; number++) {
      const { shape, attributes } = drawCase(random);
      const valid = { ...attributes, pad: 'valid' } as const;
      const { outShape } = tf.backend_util.computePool2DInfo(
        shape,
        valid.filterSize,
        valid.strides,
        1,
        'valid',
      );
      const dyValues = randomValues(random, outShape);
      const { reference, own } = await onBoth(() => [
        run('AvgPoolGrad', { dy: tf.tensor(dyValues, outShape), input: tf.zeros(shape) }, valid),
      ]);
      expect(relativeError(own[0]!, reference[0]!)).toBeLessThanOrEqual(TOLERANCE);
    }
  });
});
