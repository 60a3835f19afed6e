import * as tf from '@tensorflow/tfjs-core';
import {
  type Augmentation,
  type Batch,
  type BatchSource,
  hasVariants,
  InvalidArgumentError,
  type OptionNames,
  refuseUnknownOptions,
  throwIfAborted,
} from 'xray-core';
import type { FeatureRow, Features } from './features.js';

const OPTIONS: OptionNames<FeatureSourceOptions> = {
  features: true,
  source: true,
  augmentation: true,
  seed: true,
};

/** Options of `featureSource`. */
export interface FeatureSourceOptions {
  /** From `extractFeatures` over the same source. */
  features: Features;
  /** Gives the order of the samples in every epoch. */
  source: BatchSource;
  /** The one that the features were computed with; it picks a variant for every sample and epoch. @default none */
  augmentation?: Augmentation | undefined;
  /** Seed of the augmentation, the one given to `train`. @default 0 */
  seed?: number | undefined;
}

/**
 * Batches of stored features in place of images, for training a head: same samples, same order and same augmentation
 * as training behind the base would see. The augmentation is in it: give `train` none.
 *
 * @throws {InvalidArgumentError} If features and augmentation do not belong together, or samples are missing.
 *
 * @example
 * await train({ model: head, train: featureSource({ features, source, seed: 7 }), validation, epochs: 30, seed: 7 });
 */
export function featureSource(options: FeatureSourceOptions): BatchSource {
  refuseUnknownOptions('featureSource', options, OPTIONS);
  const { features, source, augmentation, seed = 0 } = options;
  checkMatch(options);
  const labels = new Map(features.ids.map((id, place) => [id, features.labels[place]!]));
  const rowOf = (id: string, epoch: number): FeatureRow => ({
    id,
    variant: augmentation && hasVariants(augmentation) ? augmentation.variantOf(id, { seed, epoch }) : 0,
  });

  async function* epoch(
    number: number,
    { signal }: { signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<Batch> {
    const order = source.order(number);
    const read = (start: number) => {
      const ids = order.slice(start, start + source.batchSize);
      const values = features.read(ids.map((id) => rowOf(id, number)));
      values.catch(() => {}); // it is awaited in its turn, or not at all when the consumer stops
      return { ids, values };
    };
    let next = read(0);
    for (let start = 0; start < order.length; start += source.batchSize) {
      throwIfAborted(signal, 'Reading features');
      const { ids, values } = next;
      const array = await values;
      // The next ones are read while the device computes.
      if (start + source.batchSize < order.length) next = read(start + source.batchSize);
      const images: tf.Tensor = tf.tensor(array, [ids.length, ...features.shape]);
      yield {
        images: images as tf.Tensor4D, // or features of another rank
        labels: tf.tensor2d(ids.map((id) => [...labels.get(id)!])),
        ids,
      };
    }
  }

  const { classList, sampleCount, batchSize, batchCount, patients, order } = source;
  return { classList, sampleCount, batchSize, batchCount, patients, order, epoch };
}

function checkMatch({ features, source, augmentation }: FeatureSourceOptions): void {
  let name: string | undefined = 'none';
  if (augmentation) name = hasVariants(augmentation) ? augmentation.variantsName : undefined;
  if (name !== features.variantsName) {
    throw new InvalidArgumentError({
      argument: 'augmentation',
      expected: `the one that the features were computed with (${features.variantsName}, ${features.variants} variants of every image)`,
      received: name ?? 'one without fixed variants',
    });
  }
  const known = new Set(features.ids);
  const missing = source.order(0).find((id) => !known.has(id));
  if (missing !== undefined) {
    throw new InvalidArgumentError({
      argument: 'features',
      expected: 'features of all samples of the source',
      received: `none of ${missing}`,
      fix: 'Compute them with this source.',
    });
  }
}
