import * as tf from '@tensorflow/tfjs-core';
import { type Augmentation, type AugmentationDraw, type Batch, createRandom } from 'xray-core';
import { type ArrayAugmentation, readBatch, toBatch, worksOnArrays } from './array-batch.js';
import { type ImageAugmentation, imageAugmentation, isImageAugmentation } from './create-augmentation.js';

/** The draw of one augmentation of several. */
export interface StageDraw {
  readonly kind: string;
  /** `null` if this one leaves the image as it is. */
  readonly parameters: unknown;
}

/**
 * Runs augmentations one after the other as one. Each gets a seed of its own, made from the caller's seed and
 * its place in the list, so that two stages of the same kind draw independently. An empty list copies the batch.
 *
 * @returns An augmentation of single images, draws and all, unless one of the list mixes the images of a batch.
 *
 * @example
 * const augment = composeAugmentations([randomAffine({ rotation: 10 }), randomBrightness({ change: 0.1 })]);
 */
export function composeAugmentations(
  augmentations: readonly ImageAugmentation[],
): ImageAugmentation<readonly StageDraw[]>;
export function composeAugmentations(augmentations: readonly Augmentation[]): Augmentation;
export function composeAugmentations(augmentations: readonly Augmentation[]): Augmentation {
  return augmentations.every(isImageAugmentation)
    ? composeOnImages(augmentations)
    : composeOnBatches(augmentations);
}

function composeOnImages(stages: readonly ImageAugmentation[]): ImageAugmentation<readonly StageDraw[]> {
  return imageAugmentation<readonly StageDraw[]>({
    kind: 'composed',
    draw: (id, draw) =>
      stages.map(({ kind, draw: drawStage }, stage) => ({
        kind,
        parameters: drawStage(id, drawOf(stage, draw)),
      })),
    apply(image, draws) {
      let { pixels } = image;
      stages.forEach(({ apply }, stage) => {
        pixels = apply({ ...image, pixels }, draws?.[stage]?.parameters ?? null);
      });
      return pixels;
    },
  });
}

function composeOnBatches(augmentations: readonly Augmentation[]): Augmentation {
  const runs = runsOf(augmentations);
  return (batch, draw) => {
    let current: Batch = { images: tf.clone(batch.images), labels: tf.clone(batch.labels), ids: batch.ids };
    try {
      for (const run of runs) {
        const next = run(current, draw);
        tf.dispose([current.images, current.labels]);
        current = next;
      }
    } catch (error) {
      tf.dispose([current.images, current.labels]);
      throw error;
    }
    return current;
  };
}

/** Stages of this package that follow each other share one run over plain arrays: one reading, and no device in between. */
function runsOf(augmentations: readonly Augmentation[]): Augmentation[] {
  const runs: { stages: number[]; onArrays: boolean }[] = [];
  for (const [stage, augmentation] of augmentations.entries()) {
    const onArrays = worksOnArrays(augmentation);
    const last = runs.at(-1);
    if (onArrays && last?.onArrays) last.stages.push(stage);
    else runs.push({ stages: [stage], onArrays });
  }
  return runs.map(({ stages, onArrays }) => (batch, draw) => {
    if (!onArrays) return augmentations[stages[0]!]!(batch, drawOf(stages[0]!, draw));
    const augmented = stages.reduce(
      (arrays, stage) =>
        (augmentations[stage] as ArrayAugmentation).augmentArrays(arrays, drawOf(stage, draw)),
      readBatch(batch),
    );
    return toBatch(augmented);
  });
}

function drawOf(stage: number, { seed, epoch }: AugmentationDraw): AugmentationDraw {
  const stageSeed = createRandom(seed)
    .stream('augmentation', stage)
    .integer(0, 2 ** 31);
  return { seed: stageSeed, epoch };
}
