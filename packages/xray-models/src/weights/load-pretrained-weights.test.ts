import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  type LayersModel,
  layers,
  model as modelOf,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import { afterEach, describe, expect, it } from 'vitest';
import { createCnn } from '../cnn/create-cnn.js';
import { type LayerWeights, weightsOfLayersModel } from './layer-weights.js';
import { loadPretrainedWeights } from './load-pretrained-weights.js';
import { WeightMismatchError } from './weight-mismatch-error.js';

const models: LayersModel[] = [];
afterEach(() => {
  for (const model of models.splice(0)) model.dispose();
});
function keep(model: LayersModel): LayersModel {
  models.push(model);
  return model;
}
const newCnn = (options: Parameters<typeof createCnn>[0] = {}) =>
  keep(createCnn({ imageShape: [24, 24, 1], filters: [4, 6], ...options }));
const weightsOf = (model: LayersModel) => model.getWeights().map((weight) => Array.from(weight.dataSync()));

/** What a saved model holds, its weights quantised as the converter of TensorFlow.js does it. */
async function artifactsOf(model: LayersModel, dtype?: 'uint8' | 'uint16'): Promise<tf.io.ModelArtifacts> {
  let saved: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  if (dtype === undefined) return saved!;
  const steps = dtype === 'uint8' ? 255 : 65_535;
  const parts: Uint8Array[] = [];
  const weightSpecs = model.weights.map((weight, index) => {
    const values = model.getWeights()[index]!.dataSync();
    const min = Math.min(...values);
    const scale = (Math.max(...values) - min) / steps || 1;
    const codes = Array.from(values, (value) => Math.round((value - min) / scale));
    const array = dtype === 'uint8' ? Uint8Array.from(codes) : Uint16Array.from(codes);
    parts.push(new Uint8Array(array.buffer));
    const quantization = { min, scale, dtype };
    return {
      name: weight.originalName,
      shape: weight.shape as number[],
      dtype: 'float32' as const,
      quantization,
    };
  });
  return { ...saved!, weightSpecs, weightData: new Uint8Array(Buffer.concat(parts)).buffer };
}

describe('loadPretrainedWeights', () => {
  it.each(['name', 'order'] as const)(
    'puts the weights of a saved model into another one by %s',
    async (by) => {
      const pretrained = newCnn({ seed: 1 });
      const model = newCnn({ seed: 2 });
      const stored = weightsOfLayersModel(await artifactsOf(pretrained));
      const before = tf.memory().numTensors;
      expect(loadPretrainedWeights(model, stored, { by })).toEqual({
        by,
        loaded: ['block1_conv', 'block2_conv', 'probabilities'],
        missing: [],
        unused: [],
      });
      expect(tf.memory().numTensors).toBe(before);
      expect(weightsOf(model)).toEqual(weightsOf(pretrained));
    },
  );

  it.each([
    ['uint8', 255],
    ['uint16', 65_535],
  ] as const)('reads weights quantised to %s to half a step', async (dtype, steps) => {
    const pretrained = newCnn({ seed: 1 });
    const model = newCnn({ seed: 2 });
    loadPretrainedWeights(model, weightsOfLayersModel(await artifactsOf(pretrained, dtype)));
    weightsOf(pretrained).forEach((values, index) => {
      const step = (Math.max(...values) - Math.min(...values)) / steps;
      values.forEach((value, at) => {
        expect(Math.abs(weightsOf(model)[index]![at]! - value)).toBeLessThanOrEqual(step * 0.501 + 1e-7);
      });
    });
  });

  it('reads weights stored as float16', () => {
    const halves = { 1: 0x3c00, [-2]: 0xc000, 0.5: 0x3800, 65504: 0x7bff, [2 ** -24]: 0x0001, 0: 0 }; // IEEE 754
    const quantization = { dtype: 'float16' } as const;
    const spec = { name: 'dense/kernel', shape: [2, 3], dtype: 'float32' as const, quantization };
    const weightData = Uint16Array.from(Object.values(halves)).buffer;
    const [layer] = weightsOfLayersModel({ weightSpecs: [spec], weightData });
    expect(layer!.weights[0]!.shape).toEqual([2, 3]);
    expect([...layer!.weights[0]!.values]).toEqual(Object.keys(halves).map(Number));
  });

  it('says when weights are truncated or too many, whatever their type', async () => {
    for (const dtype of [undefined, 'uint8', 'uint16'] as const) {
      const artifacts = await artifactsOf(newCnn(), dtype);
      const whole = tf.io.CompositeArrayBuffer.join(artifacts.weightData!);
      for (const weightData of [whole.slice(0, -1), new ArrayBuffer(whole.byteLength + 4), undefined]) {
        const { weightData: _, ...rest } = artifacts;
        expect(() => weightsOfLayersModel(weightData ? { ...rest, weightData } : rest)).toThrow(
          `the ${whole.byteLength} bytes of weights that it lists. Received: "one with ${weightData?.byteLength ?? 0}"`,
        );
      }
    }
  });

  it('finds layers of models within the model', async () => {
    const inner = newCnn({ seed: 1 });
    const image = input({ shape: [24, 24, 1] });
    const outer = keep(modelOf({ inputs: image, outputs: inner.apply(image) as SymbolicTensor }));
    models.splice(models.indexOf(inner), 1); // disposed with the outer one
    const pretrained = newCnn({ seed: 3 });
    loadPretrainedWeights(outer, weightsOfLayersModel(await artifactsOf(pretrained)));
    expect(weightsOf(outer)).toEqual(weightsOf(pretrained));
  });

  it('matches weights by their names, whatever their order in the file', () => {
    const norm = layers.batchNormalization({ name: 'norm', inputShape: [2] });
    const image = input({ shape: [2] });
    const model = keep(modelOf({ inputs: image, outputs: norm.apply(image) as SymbolicTensor }));
    const names = ['moving_variance', 'beta', 'moving_mean', 'gamma'];
    const weights = names.map((name, at) => ({ name, shape: [2], values: Float32Array.of(at, at) }));
    loadPretrainedWeights(model, [{ layer: 'norm', weights }]);
    expect(norm.weights.map(({ originalName }) => originalName)).toEqual([
      'norm/gamma',
      'norm/beta',
      'norm/moving_mean',
      'norm/moving_variance',
    ]);
    expect(weightsOf(model)).toEqual([
      [3, 3],
      [1, 1],
      [2, 2],
      [0, 0],
    ]);
  });

  it('matches them by place where a layer wraps two with the same names', () => {
    const zeros = { kernelInitializer: 'zeros', recurrentInitializer: 'zeros' } as const;
    const cell = layers.simpleRNN({ units: 1, ...zeros }) as unknown as layers.RNN;
    const both = layers.bidirectional({ layer: cell, mergeMode: 'concat', name: 'both' });
    const image = input({ shape: [3, 1] });
    const model = keep(modelOf({ inputs: image, outputs: both.apply(image) as SymbolicTensor }));
    const shapes = { kernel: [1, 1], recurrent_kernel: [1, 1], bias: [1] };
    const weights = [0, 1].flatMap((side) =>
      Object.entries(shapes).map(([name, shape], at) => {
        return { name, shape, values: Float32Array.of(10 * side + at) };
      }),
    );
    loadPretrainedWeights(model, [{ layer: 'both', weights }]);
    expect(weightsOf(model)).toEqual([[0], [1], [2], [10], [11], [12]]);
  });

  it('lists every layer that does not fit with both shapes, and changes none', async () => {
    const stored = weightsOfLayersModel(await artifactsOf(newCnn({ classes: 3 })));
    const model = newCnn({ filters: [4, 8], seed: 2 });
    const before = weightsOf(model);
    const load = () =>
      loadPretrainedWeights(
        model,
        stored.filter(({ layer }) => layer !== 'block1_conv'),
      );
    expect(load).toThrow(WeightMismatchError);
    expect(load).toThrow('- block1_conv [3, 3, 3, 4] [4] is not in the file');
    expect(load).toThrow('- block2_conv has [3, 3, 4, 8] [8], the file [3, 3, 4, 6] [6]');
    expect(load).toThrow('- probabilities has');
    expect(weightsOf(model)).toEqual(before);
  });

  it('keeps what the file lacks when asked, and says what it did not use', async () => {
    const stored = weightsOfLayersModel(await artifactsOf(newCnn({ seed: 1 })));
    const renamed = stored.map((source) =>
      source.layer === 'probabilities' ? { ...source, layer: 'top' } : source,
    );
    const model = newCnn({ seed: 2 });
    expect(loadPretrainedWeights(model, renamed, { missing: 'keep' })).toEqual({
      by: 'name',
      loaded: ['block1_conv', 'block2_conv'],
      missing: ['probabilities'],
      unused: ['top'],
    });
    const before = weightsOf(model);
    expect(() => loadPretrainedWeights(model, stored.slice(0, 2), { by: 'order' })).toThrow(
      '- probabilities [96, 2] [2] is not in the file',
    );
    const others = stored.map((source) => ({ ...source, layer: `other_${source.layer}` }));
    const keep = () => loadPretrainedWeights(model, others, { by: 'name', missing: 'keep' });
    expect(keep).toThrow('- block1_conv [3, 3, 3, 4] [4] is not in the file');
    expect(keep).toThrow('Of the file, no layer takes:\n- other_block1_conv');
    expect(weightsOf(model)).toEqual(before);
  });

  it('goes by order where names differ, and says so', async () => {
    const pretrained = newCnn({ seed: 1 });
    const stored = weightsOfLayersModel(await artifactsOf(pretrained));
    // As in a second session of Keras: the first layer is called like the second one of the model.
    const names = ['block2_conv', 'block3_conv', 'dense'];
    const renamed = stored.map((source, at) => ({ ...source, layer: names[at]! }));
    const model = newCnn({ seed: 2 });
    expect(loadPretrainedWeights(model, renamed)).toMatchObject({ by: 'order', unused: [] });
    expect(weightsOf(model)).toEqual(weightsOf(pretrained));
  });

  it('goes by the order within each class where the file knows no more', async () => {
    const pretrained = newCnn({ seed: 1 });
    const [first, second, dense] = weightsOfLayersModel(await artifactsOf(pretrained)) as [
      LayerWeights,
      LayerWeights,
      LayerWeights,
    ];
    const model = newCnn({ seed: 2 });
    const stored = [
      { ...first, layer: 'layers/conv2d', kind: 'conv2d' },
      { ...second, layer: 'layers/conv2d_1', kind: 'conv2d' },
    ];
    const inFront = { ...dense, layer: 'layers/dense', kind: 'dense' };
    expect(loadPretrainedWeights(model, [inFront, ...stored]).by).toBe('order');
    expect(weightsOf(model)).toEqual(weightsOf(pretrained));
    expect(() => loadPretrainedWeights(model, stored)).toThrow(
      '- probabilities [96, 2] [2] is not in the file',
    );
  });

  it('takes no name that the file has twice', async () => {
    const stored = weightsOfLayersModel(await artifactsOf(newCnn({ seed: 1 })));
    const twice = [...stored, stored[0]!];
    const load = () => loadPretrainedWeights(newCnn({ seed: 2 }), twice, { by: 'name' });
    expect(load).toThrow('- block1_conv [3, 3, 3, 4] [4] is not in the file');
  });
});
