// Convolutions that do not fit in one block of working memory, and are too large for the cpu backend.
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from 'xray-core';
import { randomValues, startWasm } from '../__fixtures__/backends.js';
import { convolutionGeometry } from '../convolution-geometry.js';
import { registerKernels, type WasmKernels } from '../register-kernels.js';
import { suitsWinograd } from '../run-convolution.js';

const PRODUCT_TOLERANCE = 3e-6;
const WINOGRAD_TOLERANCE = 2e-5;

let kernels: WasmKernels;
beforeAll(async () => {
  await startWasm();
  kernels = await registerKernels();
});
afterAll(() => kernels.unregister());

function* pairs(height: number, width: number): Generator<[number, number]> {
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) yield [row, column];
  }
}

const isIndex = (value: number, length: number) => Number.isInteger(value) && value >= 0 && value < length;

describe('large convolutions and their gradients', () => {
  it.each([
    {
      name: 'more input than one block holds, Winograd',
      size: 96,
      inputs: 64,
      outputs: 8,
      filter: 3,
      strides: 1,
    },
    {
      name: 'more input than one block holds, padded',
      size: 96,
      inputs: 62,
      outputs: 3,
      filter: 3,
      strides: 1,
    },
    {
      name: 'more input than one block holds, strided',
      size: 96,
      inputs: 62,
      outputs: 3,
      filter: 3,
      strides: 2,
    },
    { name: 'several images to a block', size: 13, inputs: 64, outputs: 8, filter: 3, strides: 1 },
    { name: 'a deep 1 x 1 filter', size: 3, inputs: 2050, outputs: 9, filter: 1, strides: 1 },
  ])('agree for $name', async ({ size, inputs, outputs, filter, strides }) => {
    // A sample of the results, each by the definition, in double precision.
    const random = createRandom(3);
    const batch = size > 50 ? 1 : 5;
    const xShape = [batch, size, size, inputs];
    const filterShape = [filter, filter, inputs, outputs];
    const geometry = convolutionGeometry(xShape, filterShape, { strides, pad: 'same' });
    const { outputHeight, outputWidth, top, left } = geometry;
    const dyShape = [batch, outputHeight, outputWidth, outputs];
    const [x, weights, dy] = [xShape, filterShape, dyShape].map((shape) => randomValues(random, shape));

    const own = tf.tidy(() => {
      const tensors = {
        x: tf.tensor(x!, xShape),
        filter: tf.tensor(weights!, filterShape),
        dy: tf.tensor(dy!, dyShape),
      };
      const attributes = {
        strides,
        pad: 'same',
        dataFormat: 'NHWC',
        dilations: 1,
        inputShape: xShape,
        filterShape,
      };
      return ['Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter'].map((name) =>
        (tf.engine().runKernel(name, tensors, attributes) as tf.Tensor).dataSync<'float32'>(),
      );
    });
    const at = (shape: number[], ...indices: number[]) =>
      indices.reduce((offset, index, axis) => offset * shape[axis]! + index, 0);
    const errors = [0, 0, 0];
    const compare = (kind: number, index: number, expected: number) => {
      errors[kind] = Math.max(errors[kind]!, Math.abs(own[kind]![index]! - expected));
    };
    for (let sample = 0; sample < 60; sample++) {
      const image = random.integer(0, batch);
      const input = random.integer(0, inputs);
      const output = random.integer(0, outputs);

      let [row, column] = [random.integer(0, outputHeight), random.integer(0, outputWidth)];
      let sum = 0;
      for (const [tapRow, tapColumn] of pairs(filter, filter)) {
        const from = [row * strides - top + tapRow, column * strides - left + tapColumn];
        if (from.some((place) => place < 0 || place >= size)) continue;
        for (let channel = 0; channel < inputs; channel++) {
          const value = x![at(xShape, image, from[0]!, from[1]!, channel)]!;
          sum += value * weights![at(filterShape, tapRow, tapColumn, channel, output)]!;
        }
      }
      compare(0, at(dyShape, image, row, column, output), sum);

      [row, column] = [random.integer(0, size), random.integer(0, size)];
      sum = 0;
      for (const [tapRow, tapColumn] of pairs(filter, filter)) {
        const [toRow, toColumn] = [(row + top - tapRow) / strides, (column + left - tapColumn) / strides];
        if (!(isIndex(toRow, outputHeight) && isIndex(toColumn, outputWidth))) continue;
        for (let channel = 0; channel < outputs; channel++) {
          const value = dy![at(dyShape, image, toRow, toColumn, channel)]!;
          sum += value * weights![at(filterShape, tapRow, tapColumn, input, channel)]!;
        }
      }
      compare(1, at(xShape, image, row, column, input), sum);

      const [tapRow, tapColumn] = [random.integer(0, filter), random.integer(0, filter)];
      sum = 0;
      for (let each = 0; each < batch; each++) {
        for (const [toRow, toColumn] of pairs(outputHeight, outputWidth)) {
          const from = [toRow * strides - top + tapRow, toColumn * strides - left + tapColumn];
          if (from.some((place) => place < 0 || place >= size)) continue;
          const value = x![at(xShape, each, from[0]!, from[1]!, input)]!;
          sum += value * dy![at(dyShape, each, toRow, toColumn, output)]!;
        }
      }
      compare(2, at(filterShape, tapRow, tapColumn, input, output), sum);
    }
    errors.forEach((error, kind) => {
      const scale = own[kind]!.reduce(
        (largest: number, value: number) => Math.max(largest, Math.abs(value)),
        0,
      );
      const tolerance = suitsWinograd(geometry) ? WINOGRAD_TOLERANCE : PRODUCT_TOLERANCE;
      expect(error / scale).toBeLessThanOrEqual(tolerance);
    });
  });
});
