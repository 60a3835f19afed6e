import '@tensorflow/tfjs-backend-cpu';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { afterAll, describe, expect, it } from 'vitest';
import { ClassMismatchError, NORMAL_BACTERIAL_VIRAL, NORMAL_PNEUMONIA } from 'xray-core';
import { memoryHandler } from '../__fixtures__/memory-handler.js';
import { createCnn } from '../cnn/create-cnn.js';
import { BundleError, type BundleMetadata, NOT_A_MEDICAL_DEVICE } from './bundle-metadata.js';
import { loadBundle, saveBundle } from './model-bundle.js';

const metadata: BundleMetadata = {
  architecture: 'cnn',
  classList: NORMAL_PNEUMONIA,
  input: { height: 32, width: 32, channels: 1, resize: { height: 32, width: 32 } },
  threshold: { value: 0.4, rule: 'youden' },
  training: {},
  metrics: {},
  license: 'NOASSERTION',
  notice: NOT_A_MEDICAL_DEVICE,
};
const model = createCnn({ imageShape: [32, 32, 1], filters: [4], seed: 5 });
afterAll(() => {
  model.dispose();
});

const { input } = metadata;
const sized = (side: number) => ({
  ...input,
  height: side,
  width: side,
  resize: { height: side, width: side },
});
const CASES: readonly [problem: string, change: Record<string, unknown>][] = [
  ['threshold.value = 7, expected a number in [0, 1]', { threshold: { value: 7, rule: 'youden' } }],
  ['threshold.value = null, expected a number in [0, 1]', { threshold: { value: Number.NaN, rule: 'half' } }],
  ['threshold.rule = "xx", expected one of half, youden', { threshold: { value: 0.5, rule: 'xx' } }],
  ["threshold.value = 0.4, expected 0.5 for the rule 'half'", { threshold: { value: 0.4, rule: 'half' } }],
  ['threshold = undefined, expected an object', { threshold: undefined }],
  ['[224,224,1], but its model takes [32,32,1]', { input: sized(224) }],
  ['[32,32,3], but its model takes [32,32,1]', { input: { ...input, channels: 3 } }],
  ['input.channels = 2, expected one of 1, 3', { input: { ...input, channels: 2 } }],
  ['input.resize.width = 64, expected 32', { input: { ...input, resize: { height: 32, width: 64 } } }],
  ['input.resize.fit = "crop"', { input: { ...input, resize: { ...input.resize, fit: 'crop' } } }],
  ['license = "", expected a text', { license: '' }],
  ['notice = " ", expected a text', { notice: ' ' }],
  ['seenImages = {"train":{}}, expected left out, or hashes', { seenImages: { train: {} } }],
  ['architecture = undefined', { architecture: undefined }],
  ['classList.names = ["a"], expected at least two', { classList: { names: ['a'], findings: {} } }],
  [
    'classList.findings.viral = "virus", expected one of normal, pneumonia',
    { classList: { ...NORMAL_PNEUMONIA, findings: { viral: 'virus' } } },
  ],
];

describe('the metadata of a bundle', () => {
  it.each(CASES)('are refused on saving and on loading: %s', async (problem, change) => {
    const wrong = { ...metadata, ...change } as unknown as BundleMetadata;
    const { handler, saved } = memoryHandler();
    const saving = saveBundle({ model, metadata: wrong }, handler);
    await expect(saving).rejects.toThrow(BundleError);
    await expect(saving).rejects.toThrow(problem);
    expect(saved.artifacts).toBeUndefined();

    await saveBundle({ model, metadata }, handler);
    const { userDefinedMetadata, ...artifacts } = saved.artifacts!;
    const stored = { ...(userDefinedMetadata!.xray as object), ...change };
    saved.artifacts = { ...artifacts, userDefinedMetadata: { xray: stored } };
    await expect(loadBundle(handler)).rejects.toThrow(problem);
  });

  it('have as many classes as the model has outputs, and images of any size where it takes any', async () => {
    const { handler } = memoryHandler();
    const three = { ...metadata, classList: NORMAL_BACTERIAL_VIRAL };
    await expect(saveBundle({ model, metadata: three }, handler)).rejects.toThrow(ClassMismatchError);
    const free = sequential({
      layers: [
        layers.globalAveragePooling2d({ inputShape: [null, null, 1] }),
        layers.dense({ units: 2, activation: 'softmax' }),
      ],
    });
    await saveBundle({ model: free, metadata: { ...metadata, input: sized(40) } }, handler);
    const loaded = await loadBundle(handler);
    expect(loaded.metadata.input.height).toBe(40);
    loaded.model.dispose();
    free.dispose();
  });
});
