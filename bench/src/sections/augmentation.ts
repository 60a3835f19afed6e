import * as tf from '@tensorflow/tfjs-core';
import { chestXray, referenceStudy, robust, strong } from 'xray-augment';
import type { Batch, PixelAugmentation } from 'xray-core';
import { createCnn } from 'xray-models';
import { fuse } from 'xray-wasm';
import { kernelSwitch } from './kernel-switch.js';
import { type BenchContext, type BenchRow, type Entry, timeEntries } from './section.js';
import { createWorkload } from './workload.js';

const BATCH = 32;

const PRESETS = { 'reference-study': referenceStudy, 'chest-xray': chestXray, strong, robust };

/**
 * The augmentations that the programs offer, on batches of gray images and on their 8-bit pixels, and what they cost as a
 * share of a training step of the reference CNN that is timed in turns with them.
 */
export async function benchAugmentation(context: BenchContext): Promise<BenchRow[]> {
  const { imageSize } = context;
  const workload = createWorkload(createCnn({ imageShape: [imageSize, imageSize, 3] }));
  const fused = fuse(workload.model);
  const batch: Batch = {
    images: tf.randomUniform<tf.Rank.R4>([BATCH, imageSize, imageSize, 1], 0, 1, 'float32', 1),
    labels: tf.tensor2d(Array.from({ length: BATCH }, () => [1, 0])),
    ids: Array.from({ length: BATCH }, (_, index) => String(index)),
  };
  const pixels = Uint8Array.from(batch.images.dataSync(), (value) => Math.round(255 * value));
  const step: Entry = {
    ...{ work: 'training step', on: 'xray-wasm, fused', images: BATCH },
    prepare: kernelSwitch().own,
    run: () => workload.trainingStep(fused, BATCH),
  };
  const names = Object.entries(PRESETS);
  const onBatches = names.flatMap(([name, create]): Entry[] => {
    const augmentation = create();
    let epoch = 0; // other draws in every round
    const run = () => {
      const { images, labels } = augmentation(batch, { seed: 7, epoch: epoch++ });
      images.dataSync();
      tf.dispose([images, labels]);
    };
    return [{ work: 'augmentation of a batch', on: name, images: BATCH, run }];
  });
  const onPixels = names.flatMap(([name, create]): Entry[] => {
    const augmentation: PixelAugmentation = create();
    let epoch = 0;
    const [size, shape] = [imageSize * imageSize, { height: imageSize, width: imageSize, channels: 1 }];
    const run = () => {
      const draw = { seed: 7, epoch: epoch++ };
      batch.ids.forEach((id, image) => {
        const image8 = { ...shape, pixels: pixels.subarray(image * size, (image + 1) * size) };
        augmentation.augmentPixels(image8, id, draw);
      });
    };
    return [{ work: 'augmentation of 8-bit pixels', on: name, images: BATCH, run }];
  });
  try {
    const rows = await timeEntries('augmentation', [step, ...onBatches, ...onPixels], context);
    const whole = rows[0]!.milliseconds!.median;
    return rows.map(({ againstFirst: _, ...row }, index) =>
      index === 0 ? row : { ...row, shareOfStep: row.milliseconds!.median / whole },
    );
  } finally {
    tf.dispose([batch.images, batch.labels]);
    workload.dispose();
  }
}
