import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom, type Random } from 'xray-core';
import { onBoth, randomValues, relativeError, startWasm } from '../__fixtures__/backends.js';
import { type ConvolutionAttributes, convolutionGeometry, isEmpty } from '../convolution-geometry.js';
import { registerKernels, type WasmKernels } from '../register-kernels.js';

const TOLERANCE = 3e-6;

let kernels: WasmKernels;
beforeAll(async () => {
  await startWasm();
  kernels = await registerKernels();
});
afterAll(() => kernels.unregister());

interface Case {
  readonly xShape: number[];
  readonly filterShape: number[];
  readonly dyShape: number[];
  readonly attributes: ConvolutionAttributes;
}

function drawCase(random: Random, isDilated: boolean): Case {
  const pick = <T>(items: readonly T[]): T => items[random.integer(0, items.length)]!;
  for (;;) {
    const [height, width] = pick([[1, 1], [2, 3], [3, 3], [5, 5], [1, 7], [7, 1]]); // biome-ignore format: a list
    const padding = (): [number, number] => [random.integer(0, 4), random.integer(0, 4)];
    const attributes: ConvolutionAttributes = {
      strides: isDilated ? 1 : [random.integer(1, 4), random.integer(1, 4)],
      dilations: isDilated ? [random.integer(1, 3), random.integer(1, 3)] : [1, 1],
      pad: pick(['same', 'valid', random.integer(0, 4), [[0, 0], padding(), padding(), [0, 0]]] as const),
    };
    const [channels, multiplier] = [random.integer(1, 14), pick([1, 1, 2, 3, 4])];
    const xShape = [random.integer(1, 4), random.integer(1, 14), random.integer(1, 14), channels];
    const filterShape = [height!, width!, channels, multiplier];
    const geometry = convolutionGeometry(xShape, filterShape, attributes);
    const dyShape = [xShape[0]!, geometry.outputHeight, geometry.outputWidth, channels * multiplier];
    if (!isEmpty(geometry)) return { xShape, filterShape, dyShape, attributes };
  }
}

const run = (name: string, inputs: tf.NamedTensorMap, attributes: object) =>
  tf.engine().runKernel(name, inputs, attributes as tf.NamedAttrMap) as tf.Tensor;

const gradients = (
  x: tf.Tensor,
  filter: tf.Tensor,
  dy: tf.Tensor,
  { xShape, filterShape, attributes }: Case,
) => [
  run('DepthwiseConv2dNativeBackpropInput', { dy, filter }, { ...attributes, inputShape: xShape }),
  run('DepthwiseConv2dNativeBackpropFilter', { x, dy }, { ...attributes, filterShape }),
];

describe('the gradients of a depthwise convolution', () => {
  it('agree with the cpu backend on random shapes, strides, paddings and multipliers', async () => {
    const random = createRandom(1);
    for (let number = 0; number < 120; number++) {
      const drawn = drawCase(random, false);
      const { xShape, filterShape, dyShape } = drawn;
      const values = [xShape, filterShape, dyShape].map((shape) => randomValues(random, shape));
      const { reference, own } = await onBoth(() =>
        gradients(
          tf.tensor(values[0]!, xShape),
          tf.tensor(values[1]!, filterShape),
          tf.tensor(values[2]!, dyShape),
          drawn,
        ),
      );
      own.forEach((result, index) => {
        expect(relativeError(result, reference[index]!), JSON.stringify(drawn)).toBeLessThanOrEqual(
          TOLERANCE,
        );
      });
    }
  });

  // The cpu backend ignores dilations in these gradients; the convolution itself is linear in both arguments.
  it('are the transposes of the dilated convolution of the cpu backend', async () => {
    const random = createRandom(2);
    const product = (left: ArrayLike<number>, right: ArrayLike<number>) =>
      Array.from(left).reduce((sum, value, index) => sum + value * right[index]!, 0);
    for (let number = 0; number < 60; number++) {
      const drawn = drawCase(random, true);
      const { xShape, filterShape, dyShape, attributes } = drawn;
      const [x, filter, dy] = [xShape, filterShape, dyShape].map((shape) => randomValues(random, shape));
      await tf.setBackend('cpu');
      const y = tf.tidy(() => {
        const inputs = { x: tf.tensor(x!, xShape), filter: tf.tensor(filter!, filterShape) };
        return run('DepthwiseConv2dNative', inputs, attributes).dataSync();
      });
      await tf.setBackend('wasm');
      const [dx, dw] = tf.tidy(() =>
        gradients(tf.tensor(x!, xShape), tf.tensor(filter!, filterShape), tf.tensor(dy!, dyShape), drawn).map(
          (gradient) => gradient.dataSync(),
        ),
      );
      const expected = product(y, dy!);
      const tolerance = 1e-6 * Math.sqrt(y.length) * filterShape[0]! * filterShape[1]!;
      expect(Math.abs(product(dx!, x!) - expected), JSON.stringify(drawn)).toBeLessThan(tolerance);
      expect(Math.abs(product(dw!, filter!) - expected), JSON.stringify(drawn)).toBeLessThan(tolerance);
    }
  });

  it('leave no tensor behind', async () => {
    const drawn = drawCase(createRandom(3), false);
    const before = tf.memory();
    tf.tidy(() => void gradients(tf.ones(drawn.xShape, 'int32'), tf.ones(drawn.filterShape, 'int32'), tf.ones(drawn.dyShape, 'int32'), drawn)); // biome-ignore format: short
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
  });
});
