import '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { FileError } from 'xray-core';
import type { KerasLayer } from './keras-config.js';
import { translateModel } from './translate-model.js';
import { UnsupportedModelError } from './unsupported-model-error.js';

const NONE = new Set<string>();
const INPUT3 = { class_name: 'InputLayer', config: { batch_shape: [null, 8, 8, 1], name: 'in' }, name: 'in' };
const INPUT2 = {
  class_name: 'InputLayer',
  config: { batch_input_shape: [null, 8, 8, 1], name: 'in' },
  name: 'in',
};
const tensor = (name: string, node = 0) => ({
  class_name: '__keras_tensor__',
  config: { keras_history: [name, node, 0] },
});
const call = (...args: unknown[]) => [{ args, kwargs: {} }];

/** A graph of Keras 3: an input and these layers, the last of which is the output. */
const graph = (...layers: KerasLayer[]): KerasLayer => ({
  class_name: 'Functional',
  config: {
    name: 'net',
    layers: [INPUT3, ...layers],
    input_layers: ['in', 0, 0],
    output_layers: [layers.at(-1)!.name, 0, 0],
  },
});
const layer = (
  class_name: string,
  config: object,
  inbound_nodes: unknown[] = call(tensor('in')),
): KerasLayer => ({
  class_name,
  config: { name: 'x', ...config },
  name: 'x',
  inbound_nodes,
});
const problemsOf = (model: KerasLayer): readonly string[] => {
  try {
    translateModel(model, 'model.keras', NONE);
  } catch (error) {
    if (error instanceof UnsupportedModelError) return error.problems;
    throw error;
  }
  return [];
};

describe('translateModel', () => {
  it('refuses settings that TensorFlow.js ignores, unless they change nothing', () => {
    const cases: [string, object, object][] = [
      ['Conv2D', { groups: 2 }, { groups: 1 }],
      ['GlobalAveragePooling2D', { keepdims: true }, { keepdims: false }],
      ['ReLU', { negative_slope: 0.1 }, { negative_slope: 0.0, threshold: 0 }],
      ['Conv2DTranspose', { output_padding: [1, 1] }, { output_padding: null, dilation_rate: [1, 1] }],
      [
        'Dense',
        { activity_regularizer: { class_name: 'L2', config: { l2: 0.1 } } },
        { activity_regularizer: null },
      ],
      ['UpSampling2D', { interpolation: 'bilinear' }, { interpolation: 'nearest' }],
      ['BatchNormalization', { renorm: true }, { renorm: false }],
      ['Rescaling', { scale: [1, 2, 3], offset: 0 }, { scale: 0.5, offset: -1 }],
      ['Dense', { activation: 'leaky_relu' }, { activation: 'log_softmax' }],
      ['Dense', { activation: 'hard_sigmoid' }, { activation: 'silu' }],
    ];
    for (const [className, refused, accepted] of cases) {
      expect(problemsOf(graph(layer(className, refused))), JSON.stringify(refused)).toHaveLength(1);
      expect(problemsOf(graph(layer(className, refused)))[0]).toMatch(`x (${className}): has `);
      expect(problemsOf(graph(layer(className, accepted))), JSON.stringify(accepted)).toEqual([]);
    }
  });

  it("takes hard_sigmoid of Keras 2, whose slope is that of TensorFlow.js, and not Keras 3's", () => {
    const dense = layer('Dense', { activation: 'hard_sigmoid' }, [[['in', 0, 0, {}]]]);
    const keras2 = graph(dense);
    const model = { ...keras2, config: { ...keras2.config, layers: [INPUT2, dense] } };
    expect(problemsOf(model)).toEqual([]);
    expect(problemsOf(graph(dense))).toEqual(['x (Dense): has activation = "hard_sigmoid"']);
  });

  it('lists unknown classes, those of other packages and calls with other things than tensors, all at once', () => {
    const problems = problemsOf(
      graph(
        { ...layer('RandomFlip', {}), name: 'flip', config: { name: 'flip' } },
        { ...layer('Dense', {}), name: 'mine', config: { name: 'mine' }, registered_name: 'package>Dense' },
        { ...layer('Add', {}, call(tensor('in'), 2)), name: 'sum', config: { name: 'sum' } },
        { ...layer('Dense', {}, call(tensor('lost'))), name: 'end', config: { name: 'end' } },
        layer('Attention', {}, [{ args: [tensor('in')], kwargs: { value: tensor('in'), mask: null } }]),
      ),
    );
    expect(problems).toEqual([
      'flip: unknown class RandomFlip',
      'mine: unknown class package>Dense',
      'sum: is called with 2, which is no tensor',
      'end: takes what lost gives, which is not in the model',
      'x: unknown class Attention',
      expect.stringMatching(/^x: is called with value = \{/),
    ]);
  });

  it('leaves classes of the caller alone, found under either name', () => {
    const mine = {
      ...layer('Dense', { activation: 'unheard', groups: 7 }),
      registered_name: 'package>Dense',
    };
    const translated = translateModel(graph(mine), 'model.keras', new Set(['package>Dense'])) as KerasLayer;
    const { class_name, config } = translated.config.layers![1]!;
    expect([class_name, config.activation, config.groups, config.dtype]).toEqual([
      ...['package>Dense', 'unheard', 7, 'float32'],
    ]);
  });

  it('renames what TensorFlow.js calls otherwise', () => {
    const settingsOf = (className: string, config: object) =>
      (translateModel(graph(layer(className, config)), 'm', NONE) as KerasLayer).config.layers![1]!.config;
    expect(settingsOf('LeakyReLU', { negative_slope: 0.2 }).alpha).toBe(0.2);
    expect(settingsOf('BatchNormalization', { axis: [3] }).axis).toBe(3);
    const dtype = { module: 'keras', class_name: 'DTypePolicy', config: { name: 'mixed_float16' } };
    expect(settingsOf('Dense', { dtype }).dtype).toBe('float32');
    const kernel_regularizer = { module: 'keras.regularizers', class_name: 'L2', config: { l2: 0.5 } };
    expect(settingsOf('Dense', { kernel_regularizer }).kernel_regularizer).toEqual({
      class_name: 'L1L2',
      config: { l1: 0, l2: 0.5 },
    });
  });

  it('refuses models of other classes and sequential ones without a shape', () => {
    const subclassed = { class_name: 'MyModel', config: { units: 3 } };
    expect(() => translateModel(subclassed, 'model.keras', NONE)).toThrow(
      'model.keras: has a model of class MyModel, expected Functional or Sequential.',
    );
    const unbuilt = { class_name: 'Sequential', config: { name: 's', layers: [layer('Dense', {}, [])] } };
    expect(() => translateModel(unbuilt, 'm', NONE)).toThrow(FileError);
    const built = { ...unbuilt, config: { ...unbuilt.config, build_input_shape: [null, 4] } };
    const translated = translateModel(built, 'm', NONE) as KerasLayer;
    expect(translated.config.layers![0]!.config.batch_input_shape).toEqual([null, 4]);
  });
});
