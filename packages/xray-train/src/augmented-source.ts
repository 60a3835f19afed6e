import * as tf from '@tensorflow/tfjs-core';
import { type Augmentation, type Batch, type BatchSource, InvalidArgumentError } from 'xray-core';

/** One way in which the images of a source are changed. */
export interface NamedAugmentation {
  /** Added to the ids of its images, as in `a.png (blur 2)`, where there are several. */
  readonly name: string;
  readonly augmentation: Augmentation;
}

/**
 * A source whose images are changed, in the same way at every epoch: to validate or predict on images that differ from those
 * that a model was trained on. With several augmentations an epoch holds all images once for each of them.
 *
 * @param seed - Of the draws. @default 0
 * @throws {InvalidArgumentError} If there is no augmentation.
 *
 * @example
 * const blurred = augmentedSource(validation, [{ name: 'blur', augmentation: gaussianBlur({ sigma: [1, 1] }) }]);
 * const predictions = await predict(model, blurred);
 */
export function augmentedSource(
  source: BatchSource,
  augmentations: readonly NamedAugmentation[],
  seed = 0,
): BatchSource {
  if (augmentations.length === 0) {
    throw new InvalidArgumentError({
      argument: 'augmentations',
      expected: 'at least one',
      received: augmentations,
    });
  }
  const count = augmentations.length;
  const named = (ids: readonly string[], name: string) =>
    count === 1 ? ids : ids.map((id) => `${id} (${name})`);
  return {
    classList: source.classList,
    patients: source.patients && patientsOf(source.patients, augmentations, named),
    sampleCount: source.sampleCount * count,
    batchSize: source.batchSize,
    batchCount: source.batchCount * count,
    order: (epoch) => augmentations.flatMap(({ name }) => named(source.order(epoch), name)),
    async *epoch(epoch, options) {
      for (const { name, augmentation } of augmentations) {
        for await (const batch of source.epoch(epoch, options)) {
          let changed: Batch;
          try {
            changed = augmentation(batch, { seed, epoch: 0 });
          } finally {
            tf.dispose([batch.images, batch.labels]);
          }
          yield { ...changed, ids: named(batch.ids, name) };
        }
      }
    },
  };
}

/** Whose image each changed one is. */
function patientsOf(
  patients: ReadonlyMap<string, string>,
  augmentations: readonly NamedAugmentation[],
  named: (ids: readonly string[], name: string) => readonly string[],
): ReadonlyMap<string, string> {
  const [ids, owners] = [[...patients.keys()], [...patients.values()]];
  return new Map(
    augmentations.flatMap(({ name }) => named(ids, name).map((id, index) => [id, owners[index]!] as const)),
  );
}
