import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import {
  input as inputOf,
  layers,
  model as modelOf,
  models,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { modelFromTopology } from '../bundle/model-from-topology.js';
import { type BatchNormalizationOptions, batchNormalization } from './batch-normalization.js';

let tensorsBefore: number;
beforeEach(() => {
  tensorsBefore = tf.memory().numTensors;
  tf.engine().startScope();
});
afterEach(() => {
  tf.engine().endScope();
  tf.disposeVariables();
  expect(tf.memory().numTensors).toBeLessThanOrEqual(tensorsBefore);
});

const SHAPE = [3, 4, 5, 2];
const input = () => tf.add(tf.mul(tf.randomNormal(SHAPE, 0, 1, 'float32', 5), 2), 3);
const upstream = () => tf.randomNormal(SHAPE, 0, 1, 'float32', 6);
const values = (tensor: tf.Tensor) => Array.from(tensor.dataSync());
type Layer = ReturnType<typeof batchNormalization>;

/** A layer with weights other than the initial ones. */
function built(
  options: BatchNormalizationOptions = {},
  create: (options: object) => layers.Layer = batchNormalization,
) {
  const layer = create({ momentum: 0.9, ...options });
  layer.build([null, ...SHAPE.slice(1)]);
  layer.setWeights(
    layer.weights.map(({ originalName }, index) => {
      const start = originalName.includes('variance') || originalName.includes('gamma') ? 1 : 0;
      return tf.add(tf.randomUniform([2], -0.5, 0.5, 'float32', index + 1), start);
    }),
  );
  return layer;
}
const loss = (layer: layers.Layer) => (x: tf.Tensor) =>
  tf.sum(tf.mul(layer.apply(x, { training: true }) as tf.Tensor, upstream())) as tf.Scalar;

describe('BatchNormalization', () => {
  it('trains as the stock layer does: output, gradients, moving averages', () => {
    const own = built();
    const stock = built({}, layers.batchNormalization);
    for (const training of [false, true]) {
      const [a, b] = [own, stock].map((layer) => values(layer.apply(input(), { training }) as tf.Tensor));
      a!.forEach((value, at) => {
        expect(value).toBeCloseTo(b![at]!, 5);
      });
    }
    own.getWeights().forEach((weight, index) => {
      values(weight).forEach((value, at) => {
        expect(value).toBeCloseTo(values(stock.getWeights()[index]!)[at]!, 5);
      });
    });
    const [ofOwn, ofStock] = [own, stock].map((layer) => {
      const x = tf.variable(input());
      const weights = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
      const { grads } = tf.variableGrads(() => loss(layer)(x), [x, ...weights]);
      return [x, ...weights].flatMap(({ name }) => values(grads[name]!));
    });
    ofOwn!.forEach((value, at) => {
      expect(value).toBeCloseTo(ofStock![at]!, 3);
    });
  });

  it.each([[{ scale: false }], [{ center: false }], [{ scale: false, center: false }], [{}]])(
    'with %j has the gradients that finite differences give',
    (options) => {
      const layer = built(options);
      const x = input();
      const gradient = values(tf.grad(loss(layer))(x));
      const numbers = values(x);
      const step = 1e-2;
      for (const at of [0, 7, 33, 119]) {
        const at0 = (offset: number) =>
          loss(layer)(
            tf.tensor(
              numbers.map((value, index) => (index === at ? value + offset : value)),
              SHAPE,
            ),
          ).dataSync()[0]!;
        const slope = (at0(step) - at0(-step)) / (2 * step);
        expect(Math.abs(gradient[at]! - slope)).toBeLessThan(2e-3 + 1e-2 * Math.abs(slope));
      }
    },
  );

  it('normalises to mean 0 and variance 1, and moves its averages by the population variance', () => {
    const layer = built({ scale: false, center: false, epsilon: 1e-6 });
    const before = layer.getWeights().map(values);
    const x = input();
    const { mean, variance } = tf.moments(layer.apply(x, { training: true }) as tf.Tensor, [0, 1, 2]);
    for (const value of values(mean)) expect(value).toBeCloseTo(0, 5);
    for (const value of values(variance)) expect(value).toBeCloseTo(1, 4);

    const rows = values(x);
    const channel = (number: number) => rows.filter((_, at) => at % 2 === number);
    [0, 1].forEach((number) => {
      const numbers = channel(number);
      const average = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
      const spread = numbers.reduce((sum, value) => sum + (value - average) ** 2, 0) / numbers.length;
      expect(values(layer.getWeights()[0]!)[number]).toBeCloseTo(
        before[0]![number]! * 0.9 + average * 0.1,
        5,
      );
      expect(values(layer.getWeights()[1]!)[number]).toBeCloseTo(before[1]![number]! * 0.9 + spread * 0.1, 5);
    });
  });

  const frozen = (layer: Layer): void => {
    layer.trainable = false;
  };
  const frozenByItsModel = (layer: Layer): void => {
    for (const weight of layer.weights) weight.trainable = false;
  };
  it.each([
    ['itself', {}, frozen],
    ['by its weights, as a frozen model does', {}, frozenByItsModel],
    ['itself, without scale and offset', { scale: false, center: false }, frozen],
  ] as const)('frozen %s uses its moving statistics in training and keeps them', (_, options, freeze) => {
    const layer = built(options) as Layer;
    freeze(layer);
    const before = layer.getWeights().map(values);
    const trained = values(layer.apply(input(), { training: true }) as tf.Tensor);
    values(layer.apply(input(), { training: false }) as tf.Tensor).forEach((value, at) => {
      expect(trained[at]).toBeCloseTo(value, 5);
    });
    const ones = values(tf.grad((x) => tf.sum(layer.apply(x, { training: true }) as tf.Tensor))(input()));
    const variance = values(
      layer.weights.find(({ originalName }) => originalName.includes('variance'))!.read(),
    );
    const scale = layer.weights.find(({ originalName }) => originalName.includes('gamma'));
    ones.slice(0, 2).forEach((slope, channel) => {
      const factor = scale ? values(scale.read())[channel]! : 1;
      expect(slope).toBeCloseTo(factor / Math.sqrt(variance[channel]! + 1e-3), 5);
    });
    expect(layer.getWeights().map(values)).toEqual(before);
    layer.trainable = true;
    for (const weight of layer.weights) weight.trainable = !weight.originalName.includes('moving');
    expect(values(layer.apply(input(), { training: true }) as tf.Tensor)).not.toEqual(trained);
  });

  it('is saved as the standard layer and comes back as itself', async () => {
    const image = inputOf({ shape: SHAPE.slice(1) });
    const layer = built({ scale: false });
    const model = modelOf({ inputs: image, outputs: layer.apply(image) as SymbolicTensor });
    const topology = JSON.parse(JSON.stringify(model.toJSON(null, false)));
    const plain = await models.modelFromJSON({ modelTopology: topology } as never);
    const own = await modelFromTopology(topology);
    expect(own.layers[1]!.constructor).toBe(model.layers[1]!.constructor);
    expect(plain.layers[1]!.constructor).not.toBe(model.layers[1]!.constructor);
    for (const copy of [plain, own]) {
      copy.setWeights(model.getWeights());
      expect(values(copy.predict(input()) as tf.Tensor)).toEqual(values(model.predict(input()) as tf.Tensor));
    }
  });

  it('leaves no tensors behind in training', () => {
    const layer = built();
    const x = tf.variable(input());
    const step = () => tf.dispose(tf.tidy(() => tf.variableGrads(() => loss(layer)(x), [x]).grads));
    step();
    const before = tf.memory().numTensors;
    step();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('says which axis it can do', () => {
    expect(() => batchNormalization({ axis: 1 }).build([null, 4, 5, 2])).toThrow('the last axis (-1 or 3)');
  });
});
