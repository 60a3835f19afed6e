import * as tf from '@tensorflow/tfjs-core';
import { type Augmentation, type Batch, createRandom } from 'xray-core';

/**
 * Runs augmentations one after the other as one. Each gets a seed of its own, made from the caller's seed and
 * its place in the list, so that two stages of the same kind draw independently. An empty list copies the batch.
 *
 * @example
 * const augment = composeAugmentations([horizontalFlip(), horizontalFlip({ probability: 0.1 })]);
 */
export function composeAugmentations(augmentations: readonly Augmentation[]): Augmentation {
  return (batch, { seed, epoch }) => {
    let current: Batch = { images: tf.clone(batch.images), labels: tf.clone(batch.labels), ids: batch.ids };
    try {
      augmentations.forEach((augmentation, stage) => {
        const stageSeed = createRandom(seed)
          .stream('augmentation', stage)
          .integer(0, 2 ** 31);
        const next = augmentation(current, { seed: stageSeed, epoch });
        tf.dispose([current.images, current.labels]);
        current = next;
      });
    } catch (error) {
      tf.dispose([current.images, current.labels]);
      throw error;
    }
    return current;
  };
}
