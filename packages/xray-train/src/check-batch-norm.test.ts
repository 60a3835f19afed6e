import '@tensorflow/tfjs-backend-cpu';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { checkBatchNorm } from './check-batch-norm.js';

const modelWith = (layer: layers.Layer) =>
  sequential({ layers: [layers.dense({ units: 2, inputShape: [3] }), layer] });
const stock = (options: object = {}) => layers.batchNormalization({ name: 'norm', ...options });

describe('checkBatchNorm', () => {
  it('accepts stock batch norm that trains', () => {
    expect(() => checkBatchNorm(modelWith(stock()))).not.toThrow();
  });

  it('names frozen ones, also in models within the model', () => {
    const expected = /ignore `trainable`.*Received: "norm".*modelFromTopology/s;
    expect(() => checkBatchNorm(modelWith(stock({ trainable: false })))).toThrow(expected);
    const inner = modelWith(stock());
    const outer = sequential({ layers: [inner] });
    inner.trainable = false;
    expect(() => checkBatchNorm(outer)).toThrow(expected);
  });

  it('accepts layers for which frozen means inference', () => {
    const layer = Object.assign(stock({ trainable: false }), { frozenMeansInference: true });
    expect(() => checkBatchNorm(modelWith(layer))).not.toThrow();
  });
});
