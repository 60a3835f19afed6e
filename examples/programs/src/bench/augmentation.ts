import * as tf from '@tensorflow/tfjs-core';
import type { Batch } from 'xray-core';
import { AUGMENTATIONS } from '../common/augmentations.js';
import { type BenchContext, type BenchRow, timeEntries } from './section.js';

const BATCH = 32;

/** The augmentations that the programs offer, on batches of gray images. */
export async function benchAugmentation(context: BenchContext): Promise<BenchRow[]> {
  const { imageSize } = context;
  const batch: Batch = {
    images: tf.randomUniform<tf.Rank.R4>([BATCH, imageSize, imageSize, 1], 0, 1, 'float32', 1),
    labels: tf.tensor2d(Array.from({ length: BATCH }, () => [1, 0])),
    ids: Array.from({ length: BATCH }, (_, index) => String(index)),
  };
  const entries = Object.entries(AUGMENTATIONS).flatMap(([on, create]) => {
    const augmentation = create();
    if (!augmentation) return [];
    const run = () => {
      const { images, labels } = augmentation(batch, { seed: 7, epoch: 0 });
      images.dataSync();
      tf.dispose([images, labels]);
    };
    return [{ work: 'augmentation', on, images: BATCH, run }];
  });
  try {
    return await timeEntries('augmentation', entries, context);
  } finally {
    tf.dispose([batch.images, batch.labels]);
  }
}
