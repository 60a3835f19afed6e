import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom, type Random } from 'xray-core';
import { onBoth, randomValues, relativeError, startWasm } from '../__fixtures__/backends.js';
import { registerGradients } from '../__fixtures__/gradients.js';
import { type ConvolutionAttributes, convolutionGeometry, isEmpty } from '../convolution-geometry.js';
import { registerKernels, type WasmKernels } from '../register-kernels.js';
import { suitsWinograd } from '../run-convolution.js';

const PRODUCT_TOLERANCE = 3e-6;
const WINOGRAD_TOLERANCE = 2e-5;

let kernels: WasmKernels;
beforeAll(async () => {
  await startWasm();
  registerGradients();
  kernels = await registerKernels();
});
afterAll(() => kernels.unregister());

interface Case {
  readonly xShape: number[];
  readonly filterShape: number[];
  readonly attributes: ConvolutionAttributes;
}

/** The convolution and, without dilation, its two gradients on both backends; largest errors by name. */
async function errorsOf({ xShape, filterShape, attributes }: Case, random: Random) {
  const geometry = convolutionGeometry(xShape, filterShape, attributes);
  const hasGradient = geometry.dilationHeight * geometry.dilationWidth === 1;
  const xValues = randomValues(random, xShape);
  const filterValues = randomValues(random, filterShape);
  let dyValues: Float32Array | undefined;
  const { reference, own } = await onBoth(() => {
    const x = tf.tensor(xValues, xShape);
    const filter = tf.tensor(filterValues, filterShape);
    const run = (name: string, inputs: tf.NamedTensorMap, more: object = {}) =>
      tf.engine().runKernel(name, inputs, {
        dataFormat: 'NHWC',
        dilations: 1,
        ...attributes,
        ...more,
      } as unknown as tf.NamedAttrMap) as tf.Tensor;
    const y = run('Conv2D', { x, filter });
    if (!hasGradient) return [y];
    dyValues ??= randomValues(random, y.shape);
    const dy = tf.tensor(dyValues, y.shape);
    const dx = run('Conv2DBackpropInput', { dy, filter }, { inputShape: xShape });
    return [y, dx, run('Conv2DBackpropFilter', { x, dy }, { filterShape })];
  });
  return { geometry, errors: own.map((result, index) => relativeError(result, reference[index]!)) };
}

function drawCase(random: Random): Case {
  const pick = <T>(items: readonly T[]): T => items[random.integer(0, items.length)]!;
  const channels = () => random.integer(1, random.uniform() < 0.7 ? 12 : 41);
  for (;;) {
    const [filterHeight, filterWidth] = pick([[1, 1], [2, 2], [3, 3], [3, 3], [5, 5], [7, 7], [1, 7], [7, 1]]); // biome-ignore format: a list
    const isDilated = random.uniform() < 0.2;
    const padding = (): [number, number] => [random.integer(0, 4), random.integer(0, 4)];
    const attributes: ConvolutionAttributes = {
      strides: isDilated ? 1 : [random.integer(1, 4), random.integer(1, 4)],
      dilations: isDilated ? [random.integer(1, 3), random.integer(1, 3)] : 1,
      pad: pick(['same', 'valid', random.integer(0, 4), [[0, 0], padding(), padding(), [0, 0]]] as const),
    };
    const xShape = [random.integer(1, 4), random.integer(1, 20), random.integer(1, 20), channels()];
    const filterShape = [filterHeight!, filterWidth!, xShape[3]!, channels()];
    const geometry = convolutionGeometry(xShape, filterShape, attributes);
    const size =
      geometry.batch * geometry.outputHeight * geometry.outputWidth * tf.util.sizeFromShape(filterShape);
    if (!isEmpty(geometry) && size < 100_000) return { xShape, filterShape, attributes };
  }
}

describe('Conv2D and its gradients', () => {
  it('agree with the cpu backend on random shapes, strides, dilations and paddings', async () => {
    const random = createRandom(1).stream('cases');
    for (let number = 0; number < 250; number++) {
      const drawn = drawCase(random);
      const { geometry, errors } = await errorsOf(drawn, random);
      const tolerance = suitsWinograd(geometry) ? WINOGRAD_TOLERANCE : PRODUCT_TOLERANCE;
      for (const error of errors) expect(error, JSON.stringify(drawn)).toBeLessThanOrEqual(tolerance);
    }
  });

  it.each([
    { height: 12, width: 12, inputs: 16, outputs: 8, pad: 'same' },
    { height: 14, width: 17, inputs: 20, outputs: 16, pad: 'valid' },
    { height: 9, width: 21, inputs: 16, outputs: 24, pad: 'same' },
    { height: 3, width: 15, inputs: 28, outputs: 8, pad: 'valid' },
    { height: 13, width: 12, inputs: 24, outputs: 16, pad: 2 },
    { height: 11, width: 14, inputs: 16, outputs: 16, pad: [[0, 0], [3, 0], [1, 4], [0, 0]] }, // biome-ignore format: pairs
  ] as const)('agree where Winograd applies: $height x $width x $inputs to $outputs, $pad', async (shape) => {
    const random = createRandom(2);
    const drawn = {
      xShape: [2, shape.height, shape.width, shape.inputs],
      filterShape: [3, 3, shape.inputs, shape.outputs],
      attributes: { strides: 1, pad: shape.pad as ConvolutionAttributes['pad'] },
    };
    const { geometry, errors } = await errorsOf(drawn, random);
    expect(suitsWinograd(geometry)).toBe(true);
    for (const error of errors) expect(error).toBeLessThanOrEqual(WINOGRAD_TOLERANCE);
  });

  it.each(['same', 'valid', 2] as const)('agree in channels-first layout, padding %s', async (pad) => {
    const random = createRandom(4);
    const drawn: Case = {
      xShape: [2, 5, 9, 8],
      filterShape: [3, 2, 5, 6],
      attributes: { strides: [2, 1], pad, dataFormat: 'NCHW' },
    };
    const { errors } = await errorsOf(drawn, random);
    expect(errors).toHaveLength(3);
    for (const error of errors) expect(error).toBeLessThanOrEqual(PRODUCT_TOLERANCE);
  });

  it.each(['floor', 'round', 'ceil'] as const)('agree with rounding mode %s', async (dimRoundingMode) => {
    const drawn: Case = {
      xShape: [1, 8, 7, 3],
      filterShape: [3, 3, 3, 4],
      attributes: { strides: [2, 3], pad: 1, dimRoundingMode },
    };
    const { errors } = await errorsOf(drawn, createRandom(5));
    for (const error of errors) expect(error).toBeLessThanOrEqual(PRODUCT_TOLERANCE);
  });

  it('take integers in gradients, as the cpu backend does', async () => {
    const random = createRandom(6);
    const integers = (shape: number[]) => Int32Array.from(randomValues(random, shape), (value) => value * 10);
    const values = { x: integers([1, 5, 5, 2]), dy: integers([1, 5, 5, 3]) };
    const { reference, own } = await onBoth(() => [
      tf
        .engine()
        .runKernel(
          'Conv2DBackpropFilter',
          { x: tf.tensor(values.x, [1, 5, 5, 2], 'int32'), dy: tf.tensor(values.dy, [1, 5, 5, 3], 'int32') },
          { strides: 1, pad: 'same', dataFormat: 'NHWC', filterShape: [3, 3, 2, 3] },
        ) as tf.Tensor,
    ]);
    expect(own).toEqual(reference);
  });

  it('give an empty result for an empty batch', () => {
    tf.tidy(() => {
      const x = tf.zeros([0, 5, 5, 2]) as tf.Tensor4D;
      const filter = tf.ones([3, 3, 2, 4]) as tf.Tensor4D;
      expect(tf.conv2d(x, filter, 1, 'same').shape).toEqual([0, 5, 5, 4]);
      const gradient = tf.grad((weights) => tf.conv2d(x, weights as tf.Tensor4D, 1, 'same'))(filter);
      expect(Array.from(gradient.dataSync())).toEqual(Array(72).fill(0));
    });
  });

  it('say so when the filter does not fit the input', () => {
    const compute = () => tf.tidy(() => tf.conv2d(tf.zeros([1, 2, 2, 1]) as tf.Tensor4D, tf.ones([5, 5, 1, 1]), 1, 'valid')); // biome-ignore format: short
    expect(compute).toThrow(
      /`filter` must be no larger than the padded input of shape \[1,2,2,1\]. Received: \[5,5,1,1\].*'same'/,
    );
  });

  it('say so when the gradient is of another batch', () => {
    const attributes = { strides: 1, pad: 'same', dataFormat: 'NHWC', inputShape: [2, 4, 4, 1] };
    const compute = () =>
      tf.tidy(() =>
        tf
          .engine()
          .runKernel(
            'Conv2DBackpropInput',
            { dy: tf.ones([3, 4, 4, 1]), filter: tf.ones([3, 3, 1, 1]) },
            attributes,
          ),
      );
    expect(compute).toThrow(/`dy` must be of shape \[2,4,4,1\].* Received: \[3,4,4,1\]/);
  });

  it('leave no tensor behind', async () => {
    const random = createRandom(7);
    const before = tf.memory();
    for (let number = 0; number < 20; number++) await errorsOf(drawCase(random), random);
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
  });
});
