import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BATCH_NORM_TRAINING_KERNELS, createRandom, type Random } from 'xray-core';
import { onBoth, randomValues, relativeError, startWasm } from '../__fixtures__/backends.js';
import { registerKernels, type WasmKernels } from '../register-kernels.js';

const TOLERANCE = 3e-6;

let kernels: WasmKernels;
beforeAll(async () => {
  await startWasm();
  kernels = await registerKernels();
});
afterAll(() => kernels.unregister());

/** One batch normalization: rows of `channels` numbers. */
interface Case {
  readonly shape: number[];
  readonly x: Float32Array;
  readonly scale: Float32Array | undefined;
  readonly offset: Float32Array | undefined;
  readonly epsilon: number;
}

function drawCase(random: Random, largest: number): Case {
  const channels = random.integer(1, largest);
  const rank = random.integer(2, 6);
  const shape = [...Array.from({ length: rank - 1 }, () => random.integer(1, 5)), channels];
  const vector = () => (random.uniform() < 0.7 ? randomValues(random, [channels]) : undefined);
  return {
    shape,
    x: randomValues(random, shape),
    scale: vector(),
    offset: vector(),
    epsilon: [1e-5, 1e-3, 0.5][random.integer(0, 3)]!,
  };
}

const channelsOf = ({ shape }: Case) => shape.at(-1)!;

/** The definition, in double precision. */
function statistics({ x }: Pick<Case, 'x'>, channels: number) {
  const rows = x.length / channels;
  const mean = new Float64Array(channels);
  const variance = new Float64Array(channels);
  x.forEach((value, index) => {
    mean[index % channels]! += value / rows;
  });
  x.forEach((value, index) => {
    variance[index % channels]! += (value - mean[index % channels]!) ** 2 / rows;
  });
  return { mean, variance };
}

function forward(drawn: Omit<Case, 'x'> & { x: ArrayLike<number> }): Float64Array {
  const { x, scale, offset, epsilon, shape } = drawn;
  const channels = shape.at(-1)!;
  const { mean, variance } = statistics({ x: x as Float32Array }, channels);
  return Float64Array.from(x, (value, index) => {
    const channel = index % channels;
    const normalized = (value - mean[channel]!) / Math.sqrt(variance[channel]! + epsilon);
    return normalized * (scale?.[channel] ?? 1) + (offset?.[channel] ?? 0);
  });
}

/** Runs a kernel and returns its outputs' values; leaves no tensor behind. */
function run(
  name: string,
  inputs: Record<string, { shape: number[]; values: ArrayLike<number> } | undefined>,
  epsilon: number,
) {
  return tf.tidy(() => {
    const tensors = Object.entries(inputs)
      .filter(([, input]) => input !== undefined)
      .map(([key, input]) => [key, tf.tensor(Float32Array.from(input!.values), input!.shape)] as const);
    const outputs = tf.engine().runKernel(name, Object.fromEntries(tensors), { epsilon }) as tf.Tensor[];
    return outputs.map((output) => ({ shape: output.shape, values: output.dataSync() }));
  });
}

const vectorOf = (values: ArrayLike<number> | undefined) => values && { shape: [values.length], values };

describe('batch normalization in training', () => {
  it('agrees with the definition in double precision on random shapes', () => {
    const random = createRandom(1);
    for (let number = 0; number < 150; number++) {
      const drawn = drawCase(random, number % 3 === 0 ? 80 : 14);
      const { shape, x, scale, offset, epsilon } = drawn;
      const [y, mean, variance] = run(
        BATCH_NORM_TRAINING_KERNELS.forward,
        { x: { shape, values: x }, scale: vectorOf(scale), offset: vectorOf(offset) },
        epsilon,
      );
      const expected = statistics(drawn, channelsOf(drawn));
      const vectorShape = [channelsOf(drawn)];
      const where = JSON.stringify({ shape, epsilon });
      expect(relativeError(mean!, { shape: vectorShape, values: expected.mean }), where).toBeLessThan(
        TOLERANCE,
      );
      expect(relativeError(variance!, { shape: vectorShape, values: expected.variance }), where).toBeLessThan(
        TOLERANCE,
      );
      // One row is its own mean: with a small epsilon, rounding errors of the mean are all there is.
      const isFlat = x.length === channelsOf(drawn);
      if (!isFlat) expect(relativeError(y!, { shape, values: forward(drawn) }), where).toBeLessThan(2e-5);
    }
  });

  it.each([3, 16])('loses nothing with values far from zero, %i channels', (channels) => {
    const random = createRandom(2);
    const shape = [20_000, channels];
    const x = randomValues(random, shape).map((value) => value + 1000);
    const expected = statistics({ x }, channels);
    const [, mean, variance] = run(BATCH_NORM_TRAINING_KERNELS.forward, { x: { shape, values: x } }, 1e-3);
    expect(relativeError(mean!, { shape: [channels], values: expected.mean })).toBeLessThan(2 ** -23);
    expect(relativeError(variance!, { shape: [channels], values: expected.variance })).toBeLessThan(1e-6);
  });

  it('stays exact over many rows', () => {
    const shape = [70_000, 5];
    const x = randomValues(createRandom(3), shape);
    const expected = statistics({ x }, 5);
    const [, mean, variance] = run(BATCH_NORM_TRAINING_KERNELS.forward, { x: { shape, values: x } }, 1e-3);
    for (let channel = 0; channel < 5; channel++) {
      expect(Math.abs(mean!.values[channel]! - expected.mean[channel]!)).toBeLessThan(1e-7);
      expect(Math.abs(variance!.values[channel]! / expected.variance[channel]! - 1)).toBeLessThan(1e-6);
    }
  });

  it('has the gradient that finite differences give, in double precision', () => {
    const random = createRandom(4);
    for (let number = 0; number < 60; number++) {
      const drawn = drawCase(random, 11);
      const { shape, x, scale, offset, epsilon } = drawn;
      const channels = channelsOf(drawn);
      const dy = randomValues(random, shape);
      const { mean, variance } = statistics(drawn, channels);
      const own = run(
        BATCH_NORM_TRAINING_KERNELS.gradient,
        {
          x: { shape, values: x },
          dy: { shape, values: dy },
          mean: vectorOf(mean),
          variance: vectorOf(variance),
          scale: vectorOf(scale),
        },
        epsilon,
      );
      const loss = (changed: Parameters<typeof forward>[0]) =>
        forward(changed).reduce((sum, value, index) => sum + value * dy[index]!, 0);
      const slopes = (key: 'x' | 'scale' | 'offset', values: ArrayLike<number>, length: number) => {
        const step = 1e-4 * Math.sqrt(epsilon);
        return Float64Array.from({ length }, (_, index) => {
          const at = (change: number) => {
            const moved = Float64Array.from(values);
            moved[index]! += change;
            return loss({ ...drawn, [key]: moved });
          };
          return (at(step) - at(-step)) / (2 * step);
        });
      };
      const ones = new Float64Array(channels).fill(1);
      const expected = [
        { shape, values: slopes('x', x, x.length) },
        { shape: [channels], values: slopes('scale', scale ?? ones, channels) },
        { shape: [channels], values: slopes('offset', offset ?? new Float64Array(channels), channels) },
      ];
      expected.forEach((reference, index) => {
        // Against what went in: where a gradient cancels to almost nothing, rounding is all that is left of it.
        const largest = Math.max(
          1 / Math.sqrt(epsilon),
          ...Array.from(reference.values, (value) => Math.abs(value)),
        );
        reference.values.forEach((value, at) => {
          const error = Math.abs(own[index]!.values[at]! - value);
          expect(error / largest, JSON.stringify({ shape, epsilon, index })).toBeLessThan(TOLERANCE);
        });
      });
    }
  });

  it('sums the gradients of many rows exactly', () => {
    const [rows, channels] = [70_000, 6];
    const shape = [rows, channels];
    const random = createRandom(5);
    const x = randomValues(random, shape);
    const dy = randomValues(random, shape).map(Math.abs);
    const { mean, variance } = statistics({ x }, channels);
    const expected = [new Float64Array(channels), new Float64Array(channels)] as const;
    x.forEach((value, index) => {
      const channel = index % channels;
      expected[0][channel]! += (dy[index]! * (value - mean[channel]!)) / Math.sqrt(variance[channel]! + 1e-3);
      expected[1][channel]! += dy[index]!;
    });
    const [, ...own] = run(
      BATCH_NORM_TRAINING_KERNELS.gradient,
      {
        x: { shape, values: x },
        dy: { shape, values: dy },
        mean: vectorOf(mean),
        variance: vectorOf(variance),
      },
      1e-3,
    );
    for (let channel = 0; channel < channels; channel++) {
      expect(Math.abs(own[0]!.values[channel]! - expected[0][channel]!) / rows).toBeLessThan(1e-6);
      expect(Math.abs(own[1]!.values[channel]! / expected[1][channel]! - 1)).toBeLessThan(1e-6);
    }
  });

  it('takes an empty batch and leaves no tensor behind', () => {
    const before = tf.memory();
    const [y, mean] = run(BATCH_NORM_TRAINING_KERNELS.forward, { x: { shape: [0, 3, 4], values: [] } }, 1e-3);
    expect([y!.shape, mean!.shape]).toEqual([[0, 3, 4], [4]]);
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
  });
});

describe('FusedBatchNorm', () => {
  it('agrees with the cpu backend on random shapes', async () => {
    const random = createRandom(6);
    for (let number = 0; number < 80; number++) {
      const { shape, x, scale, offset, epsilon } = drawCase(random, number % 3 === 0 ? 80 : 14);
      if (shape.length > 4) continue; // TensorFlow.js takes ranks 2 to 4
      const channels = shape.at(-1)!;
      const mean = randomValues(random, [channels]);
      const variance = randomValues(random, [channels]).map(Math.abs);
      const { reference, own } = await onBoth(() => [
        tf.batchNorm(
          tf.tensor(x, shape),
          tf.tensor1d(mean),
          tf.tensor1d(variance),
          offset && tf.tensor1d(offset),
          scale && tf.tensor1d(scale),
          epsilon,
        ),
      ]);
      expect(relativeError(own[0]!, reference[0]!), JSON.stringify({ shape, epsilon })).toBeLessThan(
        TOLERANCE,
      );
    }
  });

  it('leaves parameters of the shape of the input to the stock kernel', async () => {
    const random = createRandom(7);
    const shape = [2, 3, 2, 5] as [number, number, number, number];
    const values = Array.from({ length: 3 }, () => randomValues(random, shape).map(Math.abs));
    const { reference, own } = await onBoth(() => {
      const [x, mean, variance] = values.map((each) => tf.tensor4d(each, shape));
      return [tf.batchNorm(x!, mean!, variance!)];
    });
    expect(relativeError(own[0]!, reference[0]!)).toBeLessThan(TOLERANCE);
  });
});
