import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import { NORMAL_BACTERIAL_VIRAL, NORMAL_PNEUMONIA } from 'xray-core';
import { memoryHandler } from '../__fixtures__/memory-handler.js';
import { loadBundle, type ModelBundle, saveBundle } from '../bundle/model-bundle.js';
import { recordSeenImages } from '../bundle/seen-images.js';
import { createCnn } from '../cnn/create-cnn.js';
import { createRobustCnn } from '../robust-cnn/create-robust-cnn.js';
import { createEnsemble } from './create-ensemble.js';

const bundles: ModelBundle[] = [];
afterEach(() => {
  for (const { model } of bundles.splice(0)) model.dispose();
});

function bundleOf(model: ModelBundle['model'], change: Partial<ModelBundle['metadata']> = {}): ModelBundle {
  const bundle = {
    model,
    metadata: {
      architecture: 'test',
      classList: NORMAL_PNEUMONIA,
      input: { height: 64, width: 64, channels: 1 as const, resize: { height: 64, width: 64 } },
      threshold: { value: 0.25, rule: 'youden' as const },
      training: { seed: 1 },
      metrics: {},
      license: 'NOASSERTION',
      notice: 'Research only, not a medical device.',
      ...change,
    },
  };
  bundles.push(bundle);
  return bundle;
}
const robust = (seed: number) => createRobustCnn({ imageShape: [64, 64, 1], seed });
const take = (model: ModelBundle['model'], x: tf.Tensor) =>
  tf.tidy(() => (model.predict(x) as tf.Tensor).dataSync() as Float32Array);

describe('createEnsemble', () => {
  it('gives the mean of its members, of one or of several kinds, also after saving', async () => {
    const members = [
      bundleOf(robust(1)),
      bundleOf(robust(2)),
      bundleOf(createCnn({ imageShape: [64, 64, 1], seed: 3 })),
    ];
    const ensemble = await createEnsemble(members);
    bundles.push(ensemble);
    const { handler } = memoryHandler();
    await saveBundle(ensemble, handler);
    const loaded = await loadBundle(handler);
    bundles.push(loaded);
    const x = tf.randomUniform([3, 64, 64, 1], 0, 1, 'float32', 5) as tf.Tensor4D;
    const each = members.map(({ model }) => take(model, x));
    for (const values of [take(ensemble.model, x), take(loaded.model, x)]) {
      expect(values.length).toBe(6);
      values.forEach((value, at) => {
        expect(value).toBeCloseTo(each.reduce((sum, own) => sum + own[at]!, 0) / 3, 5);
      });
    }
    x.dispose();
  });

  it('copies weights and leaves its members as they were', async () => {
    const members = [bundleOf(robust(1)), bundleOf(robust(2))];
    const x = tf.ones([1, 64, 64, 1]);
    const before = take(members[0]!.model, x);
    const ensemble = await createEnsemble(members);
    ensemble.model.dispose();
    expect(take(members[0]!.model, x)).toEqual(before);
    x.dispose();
  });

  it('has the mean threshold, and has seen what any member has seen', async () => {
    const seen = async (id: string) =>
      recordSeenImages({ train: [{ id, pixels: Uint8Array.of(id.length) }], validation: [] });
    const first = await seen('a');
    const second = await seen('bb');
    const { metadata, model } = await createEnsemble([
      bundleOf(robust(1), { seenImages: first }),
      bundleOf(robust(2), { seenImages: second, threshold: { value: 0.5, rule: 'half' }, license: 'MIT' }),
      bundleOf(robust(3)),
    ]);
    expect(metadata.threshold.value).toBeCloseTo(1 / 3, 12);
    expect(metadata.seenImages!.train.ids).toHaveLength(16); // two hashes of 6 bytes, as base64
    expect(metadata.license).toBe('NOASSERTION');
    model.dispose();
  });

  it('refuses members that do not fit together', async () => {
    const one = bundleOf(robust(1));
    await expect(createEnsemble([one])).rejects.toThrow(/`bundles` must be at least two. Received: 1/);
    const three = bundleOf(createRobustCnn({ imageShape: [64, 64, 1], classes: 3, seed: 1 }), {
      classList: NORMAL_BACTERIAL_VIRAL,
    });
    await expect(createEnsemble([one, three])).rejects.toThrow(
      /bundles\[1\] must have the classes \[normal, pneumonia\]/,
    );
    const large = { height: 96, width: 96, channels: 1 as const, resize: { height: 96, width: 96 } };
    const other = bundleOf(createRobustCnn({ imageShape: [96, 96, 1], seed: 1 }), { input: large });
    await expect(createEnsemble([one, other])).rejects.toThrow(
      /bundles\[1\].metadata.input.*averagePredictions/,
    );
  });
});
