import '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { FileError } from 'xray-core';
import type { KerasLayer } from './keras-config.js';
import { translateModel } from './translate-model.js';
import { UnsupportedModelError } from './unsupported-model-error.js';

const NONE = new Set<string>();
const INPUT3 = {
  class_name: 'InputLayer',
  config: { batch_shape: [null, 8, 8, 1], dtype: 'float32', name: 'in' },
  name: 'in',
};
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
  config: { name: 'x', dtype: 'float32', ...config },
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
      ['LSTM', { recurrent_activation: 'hard_sigmoid' }, { recurrent_activation: 'sigmoid' }],
      ['GRU', { reset_after: true }, { reset_after: false }],
      ['DepthwiseConv2D', { dilation_rate: [2, 2] }, { dilation_rate: [1, 1] }],
      [
        'DepthwiseConv2D', // TensorFlow.js saves the penalty as a bound
        { depthwise_regularizer: { class_name: 'L2', config: { l2: 0.1 } } },
        { depthwise_regularizer: null, depthwise_constraint: null },
      ],
      ['SeparableConv2D', { depth_multiplier: 2 }, { depth_multiplier: 1, data_format: 'channels_last' }],
      ['MaxPooling1D', { data_format: 'channels_first' }, { data_format: 'channels_last' }],
      ['Conv1D', { padding: 'causal' }, { padding: 'same' }],
      ['Concatenate', { axis: -2 }, { axis: -1 }],
      ['Dropout', { noise_shape: [null, 1] }, { noise_shape: null }],
      [
        'Dense',
        { kernel_regularizer: { class_name: 'OrthogonalRegularizer', config: {} } },
        { kernel_regularizer: { class_name: 'L1', config: { l1: 0.1 } } },
      ],
    ];
    for (const [className, refused, accepted] of cases) {
      expect(problemsOf(graph(layer(className, refused))), JSON.stringify(refused)).toHaveLength(1);
      const [setting] = Object.keys(refused);
      expect(problemsOf(graph(layer(className, refused)))[0]).toMatch(`x (${className}): has `);
      expect(problemsOf(graph(layer(className, refused)))[0]).toContain(setting);
      expect(problemsOf(graph(layer(className, accepted))), JSON.stringify(accepted)).toEqual([]);
    }
  });

  it('translates the layers within a layer, and finds their problems', () => {
    const wrapping = (inner: KerasLayer) => graph(layer('TimeDistributed', { layer: inner }));
    const innerOf = (inner: KerasLayer) =>
      (translateModel(wrapping(inner), 'm', NONE) as KerasLayer).config.layers![1]!.config
        .layer as KerasLayer;
    expect(innerOf(layer('LeakyReLU', { negative_slope: 0.05 })).config.alpha).toBe(0.05);
    expect(problemsOf(wrapping(layer('Conv2D', { groups: 2 })))).toEqual(['x (Conv2D): has groups = 2']);
    expect(problemsOf(wrapping(layer('RandomFlip', {})))).toEqual(['x: unknown class RandomFlip']);
    const cells = ['tanh', 'celu'].map((activation) => layer('SimpleRNNCell', { activation }));
    const stacked = layer('RNN', { cell: layer('StackedRNNCells', { cells }) });
    expect(problemsOf(graph(stacked))).toEqual(['x (SimpleRNNCell): has activation = "celu"']);
  });

  it('knows operations of Keras 3, which have no dtype, from the layers called like them', () => {
    const operation = (class_name: string) => graph({ ...layer(class_name, {}), config: { name: 'x' } });
    expect(problemsOf(operation('Dot'))).toEqual(['x: unknown class Dot']);
    expect(problemsOf(operation('Multiply'))).toEqual([]);
    expect(problemsOf(graph(layer('Dot', {})))).toEqual([]);
    // A class of initial values.
    expect(problemsOf(graph(layer('Identity', {})))).toEqual(['x: unknown class Identity']);
  });

  it('refuses a call that Keras 2 makes as in training, and operations of Keras 2', () => {
    const keras2 = (...layers: KerasLayer[]) => {
      const model = graph(...layers);
      return { ...model, config: { ...model.config, layers: [INPUT2, ...layers] } };
    };
    const called = (training: boolean | null) =>
      problemsOf(keras2(layer('Dropout', { rate: 0.5 }, [[['in', 0, 0, { training }]]])));
    expect(called(true)).toEqual(['x: is called with training = true']);
    expect(called(false)).toEqual([]);
    expect(called(null)).toEqual([]);
    expect(problemsOf(keras2(layer('TFOpLambda', {}, [['in', 0, 0, { y: 2 }]])))).toEqual([
      'x: unknown class TFOpLambda',
      'x: is called with y = 2',
    ]);
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
        { ...layer('Dense', { name: 'end' }, call(tensor('lost'))), name: 'end' },
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
    // Weights come from the file, whatever they were before.
    const kernel_initializer = { class_name: 'LecunNormal', config: { seed: 1 } };
    expect(settingsOf('Dense', { kernel_initializer }).kernel_initializer).toEqual({
      class_name: 'Zeros',
      config: {},
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
