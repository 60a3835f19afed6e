import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // registers the gradients of TensorFlow.js
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from 'xray-core';
import { onBoth, randomValues, relativeError, startWasm } from '../__fixtures__/backends.js';
import { convolutionBlock, hasConvolutionBlock } from '../fuse/convolution-block.js';
import { registerKernels, type WasmKernels } from '../register-kernels.js';
import type { BlockAttributes } from './convolution-block.js';

let kernels: WasmKernels;
beforeAll(async () => {
  await startWasm();
  kernels = await registerKernels();
});
afterAll(() => kernels.unregister());

type Shape = [number, number, number, number];

interface Block extends BlockAttributes {
  readonly input: Shape;
  readonly filter: Shape;
  readonly hasBias: boolean;
}

/** The same from single operations where the backend has no kernel for it. */
function block(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  bias: tf.Tensor1D | undefined,
  { pad, pool }: BlockAttributes,
) {
  if (hasConvolutionBlock()) return convolutionBlock(x, filter, bias, { pad, pool });
  const convolved = tf.conv2d(x, filter, 1, pad);
  const activated = tf.relu(bias ? tf.add(convolved, bias) : convolved) as tf.Tensor4D;
  return pool ? tf.maxPool(activated, 2, 2, 'valid') : activated;
}

/** Result and all gradients, on the cpu backend from single operations and on the wasm backend as a block. */
function compare(settings: Block, seed: number) {
  const random = createRandom(seed);
  const values = {
    x: randomValues(random, settings.input),
    filter: randomValues(random, settings.filter),
    bias: randomValues(random, [settings.filter[3]]),
    dy: randomValues(random, [2 ** 19]),
  };
  return onBoth(() => {
    const inputs: tf.Tensor[] = [
      tf.tensor(values.x, settings.input),
      tf.tensor(values.filter, settings.filter),
    ];
    if (settings.hasBias) inputs.push(tf.tensor1d(values.bias));
    const compute = (...[x, filter, bias]: tf.Tensor[]) =>
      block(x as tf.Tensor4D, filter as tf.Tensor4D, bias as tf.Tensor1D | undefined, settings);
    const { shape, size } = compute(...inputs);
    const { value, grads } = tf.valueAndGrads(compute)(inputs, tf.tensor(values.dy.subarray(0, size), shape));
    return [value, ...grads];
  });
}

const TOLERANCE = 2e-5;

describe('the convolution block', () => {
  it('agrees with single operations of the cpu backend on random shapes, in result and gradients', async () => {
    const random = createRandom(1);
    for (let number = 0; number < 60; number++) {
      const filter: Shape = [
        ...([random.integer(1, 5), random.integer(1, 5)] as const),
        ...([random.integer(1, 9), random.integer(1, 14)] as const),
      ];
      const settings: Block = {
        input: [random.integer(1, 4), random.integer(5, 13), random.integer(5, 13), filter[2]],
        filter,
        pad: random.integer(0, 2) === 0 ? 'same' : 'valid',
        pool: random.integer(0, 3) > 0,
        hasBias: random.integer(0, 3) > 0,
      };
      const { reference, own } = await compare(settings, number);
      own.forEach((result, index) => {
        const error = relativeError(result, reference[index]!);
        expect(error, `${index} of ${JSON.stringify(settings)}`).toBeLessThanOrEqual(TOLERANCE);
      });
    }
  });

  it.each([
    { name: 'Winograd, odd size', input: [2, 17, 19, 16], filter: [3, 3, 16, 24], pad: 'valid' },
    { name: 'Winograd, same padding', input: [2, 14, 15, 16], filter: [3, 3, 16, 8], pad: 'same' },
    { name: 'several blocks of rows', input: [1, 120, 80, 3], filter: [3, 3, 3, 16], pad: 'valid' },
    {
      name: 'several blocks of rows, Winograd',
      input: [1, 80, 56, 32],
      filter: [3, 3, 32, 8],
      pad: 'same',
    },
    { name: 'several blocks of images', input: [20, 20, 20, 8], filter: [3, 3, 8, 8], pad: 'valid' },
  ] as (Omit<Block, 'pool' | 'hasBias'> & { name: string })[])(
    'agrees for $name',
    async ({ name: _name, ...settings }) => {
      const { reference, own } = await compare({ ...settings, pool: true, hasBias: true }, 7);
      expect(own).toHaveLength(4);
      own.forEach((result, index) => {
        expect(relativeError(result, reference[index]!), `${index}`).toBeLessThanOrEqual(TOLERANCE);
      });
    },
  );

  it('hands the gradient to the first of equal values and to nobody where ReLU is closed', () => {
    const gradientOf = (pixels: number[], channels: number) =>
      tf.tidy(() => {
        const x = tf.tile(tf.tensor4d(pixels, [1, 2, 2, 1]), [1, 1, 1, channels]) as tf.Tensor4D;
        const filter = tf.reshape(tf.eye(channels), [1, 1, channels, channels]) as tf.Tensor4D;
        const attributes = { pad: 'valid', pool: true } as const;
        const dx = tf.grad((input) => convolutionBlock(input as tf.Tensor4D, filter, undefined, attributes))(
          x,
        );
        return Array.from(tf.slice(dx, [0, 0, 0, channels - 1], [-1, -1, -1, 1]).dataSync());
      });
    for (const channels of [4, 5]) {
      expect(gradientOf([1, 3, 3, 2], channels)).toEqual([0, 1, 0, 0]);
      expect(gradientOf([-1, -3, -3, -2], channels)).toEqual([0, 0, 0, 0]);
      expect(gradientOf([0, 0, 0, 0], channels)).toEqual([0, 0, 0, 0]);
    }
  });

  it('keeps NaN visible', () => {
    const result = tf.tidy(() => {
      const x = tf.fill([1, 2, 2, 1], Number.NaN) as tf.Tensor4D;
      return convolutionBlock(x, tf.ones([1, 1, 1, 4]), undefined, { pad: 'valid', pool: true }).dataSync();
    });
    expect(Array.from(result)).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
  });

  it('computes no gradient of images that are not asked about', () => {
    const names: string[] = [];
    const profiled = tf.tidy(() => {
      const x = tf.ones([1, 6, 6, 1]) as tf.Tensor4D;
      const filter = tf.variable(tf.ones([3, 3, 1, 4])) as tf.Variable<tf.Rank.R4>;
      const inputGradient = tf.getKernel('XrayConvolutionBlockInputGradient', 'wasm')!;
      tf.unregisterKernel('XrayConvolutionBlockInputGradient', 'wasm');
      tf.registerKernel({
        ...inputGradient,
        kernelFunc: (parameters) => {
          names.push('input gradient');
          return inputGradient.kernelFunc(parameters);
        },
      });
      const attributes = { pad: 'valid', pool: true } as const;
      const loss = (image: tf.Tensor) =>
        tf.sum(convolutionBlock(image as tf.Tensor4D, filter, undefined, attributes)) as tf.Scalar;
      const { grads } = tf.variableGrads(() => loss(x), [filter]);
      const before = names.length;
      tf.grad(loss)(x); // asked about: computed
      filter.dispose();
      return { before, after: names.length, gradients: Object.keys(grads).length };
    });
    expect(profiled).toEqual({ before: 0, after: 1, gradients: 1 });
  });
});
