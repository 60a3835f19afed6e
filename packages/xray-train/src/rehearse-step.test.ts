import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { describe, expect, it, vi } from 'vitest';
import { toyModel, weightsOf } from './__fixtures__/toy-problem.js';
import { rehearseStep } from './rehearse-step.js';

describe('rehearseStep', () => {
  it('runs forward and backward, and leaves the model and nothing else behind', async () => {
    const model = sequential({
      layers: [
        layers.flatten({ inputShape: [4, 4, 1] }),
        layers.batchNormalization({}),
        layers.dense({ units: 2, activation: 'softmax' }),
      ],
    });
    model.layers[1]!.setWeights(
      model.layers[1]!.getWeights().map((weight, index) => tf.fill(weight.shape, index + 1)),
    );
    const before = weightsOf(model);
    const tensors = tf.memory().numTensors;
    const sizes: number[] = [];
    await rehearseStep(model, {
      images: 3,
      forward(images, options) {
        sizes.push(images.shape[0]);
        return model.apply(images, options) as tf.Tensor2D;
      },
    });
    expect(sizes).toEqual([3]);
    expect(weightsOf(model)).toEqual(before);
    expect(tf.memory().numTensors).toBe(tensors);
    model.dispose();
  });

  it('tidies up after a failure', async () => {
    const model = toyModel();
    const tensors = tf.memory().numTensors;
    const forward = (images: tf.Tensor4D) => {
      model.apply(images, { training: true }); // leaves activations for a backward pass that never comes
      throw new Error('out of memory');
    };
    await expect(rehearseStep(model, { images: 2, forward })).rejects.toThrow('out of memory');
    expect(tf.memory().numTensors).toBe(tensors);
    model.dispose();
  });

  it('tidies up after a failed read, too', async () => {
    const model = toyModel();
    const tensors = tf.memory().numTensors;
    vi.spyOn(tf.backend(), 'read').mockRejectedValueOnce(new Error('out of memory'));
    await expect(rehearseStep(model, { images: 2 })).rejects.toThrow('out of memory');
    expect(tf.memory().numTensors).toBe(tensors);
    model.dispose();
  });

  it('names what it cannot work with', async () => {
    const model = toyModel();
    await expect(rehearseStep(model, { images: 0 })).rejects.toThrow(
      '`images` must be a whole number from 1 up',
    );
    model.dispose();
    const anySize = sequential({
      layers: [
        layers.globalAveragePooling2d({ inputShape: [null, null, 1] }),
        layers.dense({ units: 2, activation: 'softmax' }),
      ],
    });
    await expect(rehearseStep(anySize, { images: 1 })).rejects.toThrow(
      '`model` must be a model that takes images of one size. Received: [null,null,null,1].',
    );
    anySize.dispose();
  });
});
