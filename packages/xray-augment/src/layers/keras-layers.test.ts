import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { fixture, kerasConfig, layerOf } from './__fixtures__/keras.js';

interface Values {
  readonly shape: [number, number, number, number];
  readonly values: number[];
}
interface Case extends Values {
  readonly layer: string;
  readonly config: object;
  readonly training: boolean;
}
interface Configs {
  readonly layers: readonly { readonly class_name: string; readonly config: Record<string, unknown> }[];
  readonly fields: Readonly<Record<string, string[]>>;
}

const references = fixture<{ images: Values; large: Values; cases: Case[]; resized: Case[] }>(
  'keras-layers.json',
);
const tensorOf = ({ shape, values }: Values) => tf.tensor4d(values, shape);
const title = ({ layer, config }: Case) => `${layer} ${JSON.stringify(config)}`;

function expectClose(actual: tf.Tensor, { shape, values }: Values): void {
  expect(actual.shape).toEqual(shape);
  const differences = Array.from(actual.dataSync(), (value, at) => Math.abs(value - values[at]!));
  expect(Math.max(...differences)).toBeLessThan(2e-5); // the references have five digits
}

describe('values of Keras 3', () => {
  it.each(references.cases.map((each) => [title(each), each] as const))('%s', (_, each) => {
    tf.tidy(() => {
      const all = tensorOf(references.images);
      const images = tf.slice(all, 0, each.shape[0]);
      const output = layerOf(each.layer, each.config).call(images, { training: each.training });
      expectClose(output as tf.Tensor, each);
    });
  });

  it.each(references.resized.map((each) => [title(each), each] as const))('%s', (_, each) => {
    tf.tidy(() => {
      const images = tensorOf(references.large);
      const layer = layerOf(each.layer, each.config);
      expect(layer.computeOutputShape([null, ...images.shape.slice(1)])).toEqual([
        null,
        ...each.shape.slice(1),
      ]);
      expectClose(layer.call(images, {}) as tf.Tensor, each);
    });
  });

  it('are the same with the channels first', () => {
    const { cases, resized, images, large } = references;
    const warped = [cases[2]!, ...cases.slice(-3)].map((each) => ({ each, input: images }));
    for (const { each, input } of [...warped, { each: resized.at(-2)!, input: large }]) {
      tf.tidy(() => {
        const layer = layerOf(each.layer, { ...each.config, data_format: 'channels_first' });
        expect(kerasConfig(layer)).toMatchObject({ data_format: 'channelsFirst' });
        const x = tf.transpose(tf.slice(tensorOf(input), 0, each.shape[0]), [0, 3, 1, 2]);
        const y = layer.call(x, { training: each.training }) as tf.Tensor;
        expect(layer.computeOutputShape(x.shape)).toEqual(y.shape);
        expectClose(tf.transpose(y, [0, 2, 3, 1]), each);
      });
    }
  });
});

describe.each(['keras-2-configs.json', 'keras-3-configs.json'])('%s', (file) => {
  const { layers, fields } = fixture<Configs>(file);
  const own = layers.filter(({ class_name }) => class_name !== 'Rescaling');

  it.each(own.map(({ class_name, config }) => [class_name, config] as const))(
    'reads and gives back that of %s %o',
    (className, config) => {
      const layer = layerOf(className, config);
      const again = kerasConfig(layer);
      // What Keras knows, and what it saved; one number stands for a pair.
      for (const [field, value] of Object.entries(again)) {
        expect(fields[className], field).toContain(field);
        if (field === 'dtype') continue; // Keras 3 has an object
        const saved = config[field];
        const isPair = field.endsWith('factor') && typeof saved === 'number';
        const expected = isPair ? [className === 'RandomContrast' ? saved : -saved, saved] : saved;
        if (field === 'mode') expect(String(value).toLowerCase()).toBe(String(saved).replaceAll('_', ''));
        else expect(value, field).toEqual(expected);
      }
      // Nothing that matters is lost: a second layer of it has the same config.
      expect(kerasConfig(layerOf(className, again))).toEqual(again);
      const kept = Object.keys(config).filter((field) => !(field in again) && field !== 'dtype');
      const defaults = { data_format: 'channels_last', value_range: [0, 255], ...RESIZING_DEFAULTS };
      for (const field of kept) expect(config[field]).toEqual(defaults[field as keyof typeof defaults]);
    },
  );
});

const RESIZING_DEFAULTS = {
  pad_to_aspect_ratio: false,
  fill_mode: 'constant',
  fill_value: 0,
  antialias: false,
};

describe('configs that cannot be used', () => {
  it.each([
    ['RandomRotation', { factor: 3 }, '`factor of random_rotation_', 'two numbers of [-1, 1]'],
    ['RandomRotation', { factor: [0.1] }, '`factor of ', 'Received'],
    ['RandomZoom', { height_factor: 0.1, fill_mode: 'mirror' }, '`fillMode of ', "'reflect' or 'wrap'"],
    ['RandomTranslation', { height_factor: 0.1 }, '`widthFactor of ', 'Received: undefined'],
    ['RandomFlip', { mode: 'diagonal' }, '`mode of ', "'horizontalAndVertical'"],
    ['RandomContrast', { factor: 0.1, value_range: [1] }, '`valueRange of ', 'two numbers'],
    ['Resizing', { height: 4, width: 4, interpolation: 'bicubic' }, '`interpolation of ', "'bilinear'"],
    ['Resizing', { height: 4, width: 4, antialias: true }, '`config of ', 'without `antialias`'],
    ['CenterCrop', { height: 0, width: 4 }, '`height of ', 'a whole number from 1 up'],
  ])('%s %o', (className, config, field, text) => {
    expect(() => layerOf(className, config)).toThrow(field);
    expect(() => layerOf(className, config)).toThrow(text);
  });

  it('says what it wants instead of a single image', () => {
    expect(() => layerOf('RandomFlip', { name: 'flip' }).call(tf.zeros([4, 4, 1]), {})).toThrow(
      '`input of flip` must be a batch of images, a tensor of rank 4. Received: [4,4,1].',
    );
  });
});
