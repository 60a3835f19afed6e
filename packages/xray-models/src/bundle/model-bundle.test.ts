import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  layers,
  loadLayersModel,
  model as modelOf,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type Batch,
  type DecodedImage,
  NORMAL_BACTERIAL_VIRAL,
  NORMAL_PNEUMONIA,
  prepareImage,
} from 'xray-core';
import { memoryHandler } from '../__fixtures__/memory-handler.js';
import { createCnn } from '../cnn/create-cnn.js';
import { Dropout } from '../layers/dropout.js';
import type { BundleMetadata } from './bundle-metadata.js';
import { BundleError, NOT_A_MEDICAL_DEVICE } from './bundle-metadata.js';
import { classify } from './classify.js';
import { loadBundle, type ModelBundle, saveBundle } from './model-bundle.js';

const metadata: BundleMetadata = {
  architecture: 'cnn',
  classList: NORMAL_PNEUMONIA,
  input: { height: 24, width: 20, channels: 1, resize: { height: 24, width: 20 } },
  threshold: { value: 0.4, rule: 'youden' },
  training: { seed: 5 },
  metrics: { auroc: 0.9 },
  license: 'CC-BY-4.0',
  notice: NOT_A_MEDICAL_DEVICE,
};

const models: { dispose(): unknown }[] = [];
afterEach(() => {
  for (const model of models.splice(0)) model.dispose();
});

function newBundle(): ModelBundle {
  const model = createCnn({ imageShape: [24, 20, 1], filters: [4, 6], seed: 5 });
  models.push(model);
  return { model, metadata };
}

const images = (): tf.Tensor4D => tf.randomUniform([3, 24, 20, 1], 0, 1, 'float32', 9);
const outputs = (model: { predict(x: tf.Tensor): tf.Tensor | tf.Tensor[] }) =>
  tf.tidy(() => Array.from((model.predict(images()) as tf.Tensor).dataSync()));

describe('model bundle', () => {
  it('comes back with the same outputs, metadata and our own dropout', async () => {
    const bundle = newBundle();
    const { handler } = memoryHandler();
    await saveBundle(bundle, handler);
    const before = tf.memory().numTensors;
    const loaded = await loadBundle(handler);
    models.push(loaded.model);

    expect(loaded.metadata).toEqual(metadata);
    expect(outputs(loaded.model)).toEqual(outputs(bundle.model));
    expect(loaded.model.getLayer('dropout')).toBeInstanceOf(Dropout);
    expect(tf.memory().numTensors - before).toBe(bundle.model.weights.length);
  });

  it('loads into plain TensorFlow.js, with the stock layers', async () => {
    const bundle = newBundle();
    const { handler } = memoryHandler();
    await saveBundle(bundle, handler);
    const plain = await loadLayersModel(handler);
    models.push(plain);

    expect(outputs(plain)).toEqual(outputs(bundle.model));
    expect(plain.getLayer('dropout')).not.toBeInstanceOf(Dropout);
  });

  it('refuses damaged weights, other versions and plain models', async () => {
    const { handler, saved } = memoryHandler();
    await saveBundle(newBundle(), handler);
    const good = saved.artifacts!;

    const weights = new Uint8Array((good.weightData as ArrayBuffer).slice(0));
    weights[100]! ^= 1;
    saved.artifacts = { ...good, weightData: weights.buffer };
    await expect(loadBundle(handler)).rejects.toThrow(
      /damaged weights: their SHA-256 is .*Copy or train it again/,
    );
    saved.artifacts = { ...good, weightData: weights.buffer.slice(0, 400) };
    await expect(loadBundle(handler)).rejects.toThrow('damaged weights');
    saved.artifacts = {
      ...good,
      userDefinedMetadata: { xray: { ...(good.userDefinedMetadata!.xray as object), bundleVersion: 99 } },
    };
    await expect(loadBundle(handler)).rejects.toThrow('has version 99, this package reads version 1');
    const { userDefinedMetadata: _, ...plain } = good;
    saved.artifacts = plain;
    await expect(loadBundle(handler)).rejects.toThrow('has no metadata: this is a plain TensorFlow.js model');
  });

  it('refuses to save what could not be loaded again: weights of one name', async () => {
    const image = input({ shape: [24, 20, 1] });
    const pixels = layers.flatten().apply(image) as SymbolicTensor;
    const inner = () => {
      const own = input({ shape: [480] });
      return modelOf({
        inputs: own,
        outputs: layers.dense({ units: 2, name: 'same' }).apply(own) as SymbolicTensor,
      });
    };
    const sum = layers.add().apply([inner(), inner()].map((each) => each.apply(pixels) as SymbolicTensor));
    const model = modelOf({ inputs: image, outputs: sum as SymbolicTensor });
    models.push(model);
    const { handler, saved } = memoryHandler();
    await expect(saveBundle({ model, metadata }, handler)).rejects.toThrow(
      'The model bundle cannot be saved: several of its weights are called same/kernel',
    );
    expect(saved.artifacts).toBeUndefined();
  });

  it('refuses a class list of another length', async () => {
    const bundle = { ...newBundle(), metadata: { ...metadata, classList: NORMAL_BACTERIAL_VIRAL } };
    await expect(saveBundle(bundle, memoryHandler().handler)).rejects.toThrow(
      'The model must have the classes [normal, bacterial, viral] in this order. Received: [output 0, output 1].',
    );
  });
});

describe('classify', () => {
  const image: DecodedImage = {
    pixels: Uint8Array.from({ length: 61 * 47 * 3 }, (_, index) => (index * 7919) % 256),
    height: 61,
    width: 47,
    channels: 3,
  };

  it("applies the bundle's own channel and resize rule", async () => {
    const bundle = newBundle();
    const prepared = prepareImage(image, { channels: 1, resize: metadata.input.resize });
    const expected = tf.tidy(() => {
      const pixels = Float32Array.from(prepared.pixels, (value) => value / 255);
      return (bundle.model.predict(tf.tensor4d(pixels, [1, 24, 20, 1])) as tf.Tensor).dataSync();
    });
    const [result] = await classify(bundle, [image]);

    expect(Object.values(result!.probabilities)).toEqual(Array.from(expected));
    expect(Object.keys(result!.probabilities)).toEqual(['normal', 'pneumonia']);
    expect(result!.pneumoniaProbability).toBeCloseTo(expected[1]!, 6);
    expect(result!.className).toBe(expected[1]! >= metadata.threshold.value ? 'pneumonia' : 'normal');
  });

  it('names the class that the threshold decides for, whichever is most probable', async () => {
    const { model } = newBundle();
    for (const value of [0, 0.01, 0.99, 1]) {
      const threshold = { value, rule: 'youden' } as const;
      const [result] = await classify({ model, metadata: { ...metadata, threshold } }, [image]);
      expect(result!.isPneumonia).toBe(value < 0.5);
      expect(result!.className).toBe(value < 0.5 ? 'pneumonia' : 'normal');
    }
  });

  it('decides with the threshold of the bundle', async () => {
    const bundle = newBundle();
    const score = (await classify(bundle, [image]))[0]!.pneumoniaProbability;
    for (const [value, expected] of [
      [score, true],
      [score + 1e-6, false],
    ] as const) {
      const other = { ...bundle, metadata: { ...metadata, threshold: { value, rule: 'half' as const } } };
      expect((await classify(other, [image]))[0]!.isPneumonia).toBe(expected);
    }
  });

  it('refuses a model that gives no probabilities, instead of calling its images healthy', async () => {
    const bundle = newBundle();
    for (const values of [
      [Number.NaN, Number.NaN],
      [3, -2],
      [0.2, 0.3],
    ]) {
      const forward = () => tf.tensor2d(values, [1, 2]);
      await expect(classify(bundle, [image], { forward })).rejects.toThrow(BundleError);
    }
    const broken = () => tf.fill([1, 2], Number.NaN) as tf.Tensor2D;
    await expect(classify(bundle, [image], { forward: broken })).rejects.toThrow(
      'The model bundle gives [NaN, NaN] for image 0, which are no probabilities of classes. Its weights are broken',
    );
  });

  it('takes as many names as images', async () => {
    await expect(classify(newBundle(), [image, image], { ids: ['a'] })).rejects.toThrow(
      '`ids` must be 2 names, one for each image. Received: 1.',
    );
    expect(await classify(newBundle(), [])).toEqual([]);
  });

  it('gives the same answers for any batch size, reports progress and leaks nothing', async () => {
    const bundle = newBundle();
    const small = { ...image, pixels: image.pixels.slice(0, 30 * 47 * 3), height: 30 };
    const list = [image, small, image, small, image];
    const done: number[] = [];
    const before = tf.memory().numTensors;
    const twos = await classify(bundle, list, {
      batchSize: 2,
      onProgress: (event) => event.type === 'predict' && done.push(event.done),
    });
    const fives = await classify(bundle, list, { batchSize: 5 });

    expect(done).toEqual([2, 4, 5]);
    twos.forEach((result, index) => {
      expect(result.pneumoniaProbability).toBeCloseTo(fives[index]!.pneumoniaProbability, 6);
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('averages over changed copies of an image, drawn by its id', async () => {
    const bundle = newBundle();
    const darken = (factor: number) => (images: tf.Tensor4D) => tf.mul(images, factor) as tf.Tensor4D;
    const augmentation = (
      { images, labels, ids }: Batch,
      { seed, epoch }: { seed: number; epoch: number },
    ) => {
      expect(ids).toEqual(['a']);
      return { images: darken(1 / (seed + epoch))(images), labels: tf.clone(labels), ids };
    };
    const before = tf.memory().numTensors;
    const testTimeAugmentation = { augmentation, draws: 2, seed: 3 };
    const [result] = await classify(bundle, [image], { testTimeAugmentation, ids: ['a'] });
    expect(tf.memory().numTensors).toBe(before);
    const outputs: number[] = [];
    for (const factor of [1, 1 / 3, 1 / 4]) {
      const forward = (images: tf.Tensor4D) => bundle.model.predict(darken(factor)(images)) as tf.Tensor2D;
      outputs.push((await classify(bundle, [image], { forward }))[0]!.pneumoniaProbability);
    }
    const mean = outputs.reduce((sum, output) => sum + output / 3, 0);
    expect(result!.pneumoniaProbability).toBeCloseTo(mean, 6);
    expect(new Set(outputs).size).toBe(3);
  });

  it('gives the same answers where batches run in another way or elsewhere', async () => {
    const bundle = newBundle();
    const list = [image, image, image];
    const expected = await classify(bundle, list);
    const before = tf.memory().numTensors;
    let forwards = 0;
    const forwarded = await classify(bundle, list, {
      batchSize: 2,
      forward(x, { training }) {
        expect(training).toBe(false);
        forwards++;
        return bundle.model.predict(x) as tf.Tensor2D;
      },
    });
    const mapped = await classify(bundle, list, {
      batchSize: 2,
      async *mapBatches(batches) {
        for await (const { images, labels, ids } of batches) {
          expect(labels.shape).toEqual([ids.length, 2]);
          const values = tf.tidy(() => (bundle.model.predict(images) as tf.Tensor).dataSync());
          tf.dispose([images, labels]);
          yield { values };
        }
      },
    });
    expect(forwards).toBe(2);
    for (const results of [forwarded, mapped]) {
      expect(results.map(({ className }) => className)).toEqual(expected.map(({ className }) => className));
      results.forEach(({ pneumoniaProbability }, index) => {
        expect(pneumoniaProbability).toBeCloseTo(expected[index]!.pneumoniaProbability, 6);
      });
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it('stops when asked, also on the way, and refuses odd batch sizes', async () => {
    const bundle = newBundle();
    const controller = new AbortController();
    let done = 0;
    const onProgress = () => {
      if (++done === 1) setTimeout(() => controller.abort(), 0);
    };
    const many = new Array<DecodedImage>(40).fill(image);
    await expect(
      classify(bundle, many, { batchSize: 1, signal: controller.signal, onProgress }),
    ).rejects.toThrow('Classification was aborted.');
    expect(done).toBeLessThan(10);
    await expect(classify(bundle, [image], { signal: AbortSignal.abort() })).rejects.toThrow(
      'Classification was aborted.',
    );
    await expect(classify(bundle, [image], { batchSize: 0 })).rejects.toThrow('`batchSize` must be');
  });
});
