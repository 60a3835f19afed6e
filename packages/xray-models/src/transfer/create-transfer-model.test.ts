import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { modelFromTopology } from '../bundle/model-from-topology.js';
import { createCnn } from '../cnn/create-cnn.js';
import { describeModel } from '../describe-model.js';
import { createMobileNetV2 } from '../mobilenet-v2/create-mobilenet-v2.js';
import { createTransferModel } from './create-transfer-model.js';
import { cutModel } from './cut-model.js';
import { type HeadLayer, STUDY_HEADS } from './head.js';

const smallBase = () => cutModel(createCnn({ imageShape: [24, 24, 1], filters: [4, 6] }), 'block2_pool');

describe('createTransferModel', () => {
  it("is the study's experiment 4 on a cut small CNN", () => {
    const base = cutModel(createCnn({ classes: 3 }), 'block3_pool');
    const model = createTransferModel({ base, head: STUDY_HEADS.CNN, classes: 3 });
    const { layers, parameters, trainableParameters } = describeModel(model);

    expect([parameters, trainableParameters]).toEqual([222_883, 129_635]);
    expect(
      layers.filter(({ name }) => name.startsWith('head_')).map(({ outputShape }) => outputShape.slice(1)),
    ).toEqual([
      [24, 24, 32],
      [12, 12, 32],
      [10, 10, 64],
      [5, 5, 64],
      [3, 3, 128],
      [1, 1, 128],
      [128],
      [128],
      [3],
    ]);
    model.dispose();
  });

  it('gives probabilities from any head', () => {
    const heads = [
      [{ type: 'average_pooling' }],
      [{ type: 'flatten' }, { type: 'dense', units: 8 }, { type: 'dropout', rate: 0.5 }],
      [{ type: 'convolution', filters: 3 }, { type: 'flatten' }],
    ] as const;
    for (const head of heads) {
      const model = createTransferModel({ base: smallBase(), head, classes: 3, seed: 5 });
      tf.tidy(() => {
        const output = model.predict(tf.randomUniform([4, 24, 24, 1], 0, 1, 'float32', 1)) as tf.Tensor2D;
        expect(output.shape).toEqual([4, 3]);
        for (const row of output.arraySync()) expect(row.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
      });
      model.dispose();
    }
  });

  it('survives its topology and gives every tensor back', async () => {
    const before = tf.memory().numTensors;
    const model = createTransferModel({ base: smallBase(), head: STUDY_HEADS.INCEPTION_V3, seed: 5 });
    const copy = await modelFromTopology(model.toJSON(null, false) as unknown as object);
    copy.setWeights(model.getWeights());
    tf.tidy(() => {
      const images = tf.randomUniform([2, 24, 24, 1], 0, 1, 'float32', 2);
      const expected = (model.predict(images) as tf.Tensor).dataSync();
      expect((copy.predict(images) as tf.Tensor).dataSync()).toEqual(expected);
    });
    expect(describeModel(copy).trainableParameters).toBe(describeModel(model).trainableParameters);
    copy.dispose();
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('stacks a second head under another name', () => {
    const head = [{ type: 'flatten' }] as const;
    const firstHead = [...STUDY_HEADS.CNN.slice(0, 1), ...head];
    const first = createTransferModel({ base: smallBase(), head: firstHead, classes: 3 });
    const base = cutModel(first, 'head_convolution_1');
    expect(() => createTransferModel({ base, head })).toThrow('for example `second_head`');
    const second = createTransferModel({ base, head, name: 'second_head', freezeBase: false });
    // What the first head froze stays frozen.
    const frozen = 9 * 3 * 4 + 4 + 9 * 4 * 6 + 6;
    expect(describeModel(second).trainableParameters).toBe(second.countParams() - frozen);
    second.dispose();
  });

  it('draws the head from its seed', () => {
    const kernels = [3, 3, 4].map((seed) => {
      const model = createTransferModel({ base: smallBase(), head: [{ type: 'average_pooling' }], seed });
      const kernel = Array.from(model.getLayer('head_probabilities').getWeights()[0]!.dataSync());
      model.dispose();
      return kernel;
    });
    expect(kernels[0]).toEqual(kernels[1]);
    expect(kernels[0]).not.toEqual(kernels[2]);
  });

  it('explains what does not fit', () => {
    const base = smallBase();
    expect(() => createTransferModel({ base, head: [], classes: 1 })).toThrow(
      '`classes` must be an integer of at least 2',
    );
    for (const head of [[{ type: 'dense', units: 8 }], [], STUDY_HEADS.CNN.slice(0, 1)] as HeadLayer[][]) {
      expect(() => createTransferModel({ base, head })).toThrow(
        'flatten or average_pooling before the first dense layer',
      );
    }
    expect(() =>
      createTransferModel({ base, head: [{ type: 'flatten' }, { type: 'dense', units: 0 }] }),
    ).toThrow('`head.units`');
    const pooled = createMobileNetV2({ imageShape: [32, 32, 1], alpha: 0.35, pooling: 'average' });
    expect(() => createTransferModel({ base: pooled, head: STUDY_HEADS.INCEPTION_V3 })).toThrow(
      '`head` must be dense layers and dropout where the features are a vector, not flatten.',
    );
    pooled.dispose();
    expect(() => createTransferModel({ base, head: [{ type: 'flatten' }, { type: 'max_pooling' }] })).toThrow(
      'not max_pooling',
    );
    expect(() => createTransferModel({ base, head: [{ type: 'batch_norm' } as never] })).toThrow(
      'layers of the types average_pooling, convolution,',
    );
    const tiny = createCnn({ imageShape: [64, 64, 1], seed: 7 });
    const cut = cutModel(tiny, 'block3_pool'); // 6x6x128: convolution and pooling leave 2x2, then nothing
    expect(() => createTransferModel({ base: cut, head: STUDY_HEADS.CNN })).toThrow(
      /features of 6x6x128; head_convolution_2 leaves no pixel of them.*Use larger images/,
    );
    cut.dispose();
    base.dispose();
  });
});
