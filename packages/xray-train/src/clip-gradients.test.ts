import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import references from './__fixtures__/pytorch-references.json' with { type: 'json' };
import { run } from './__fixtures__/toy-run.js';
import { clipGradients } from './clip-gradients.js';

it.each(references.clipped)(
  'clips to $maxNorm as PyTorch does, gradients times $scale',
  ({ scale, maxNorm, values }) => {
    const gradient = references.gradients[0]!.map((value) => value * scale);
    const before = tf.memory().numTensors;
    const clipped = clipGradients(
      [tf.tensor1d(gradient.slice(0, 4)), tf.tensor1d(gradient.slice(4))],
      maxNorm,
    );
    const found = clipped.flatMap((tensor) => Array.from(tensor.dataSync()));
    values.forEach((value, at) => {
      expect(found[at]).toBeCloseTo(value, 6);
    });
    tf.dispose(clipped);
    expect(tf.memory().numTensors).toBe(before);
  },
);

it('refuses a length that is none', async () => {
  await expect(run({ clipNorm: 0 }).result).rejects.toThrow('`clipNorm` must be a positive number');
});
