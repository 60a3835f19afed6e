import { type Augmentation, type Batch, hasVariants } from './batch.js';
import { checkWholeNumber } from './whole-number.js';

/** Averages the probabilities of an image and of changed copies of it. */
export interface TestTimeAugmentation {
  /**
   * Changes the copies; one that does not change labels. Of one with a few fixed variants, such as `horizontalFlip`, each
   * variant is used once, so that nothing is left to chance; of any other, `draws` draws beside the image itself.
   */
  augmentation: Augmentation;
  /** Draws per image, from 1 up, also of an augmentation with variants. @default 8; with variants, each of them once */
  draws?: number | undefined;
  /** Of the draws, a safe integer. @default 0 */
  seed?: number | undefined;
  /** How predictions and evaluations name it. @default the augmentation's `variantsName` or `kind`, or `custom` */
  name?: string | undefined;
}

/** Says how predictions were averaged. Plain JSON. */
export interface TestTimeAugmentationRecord {
  /** What changed the copies. */
  readonly name: string;
  /** Probabilities averaged per image, that of the image itself included. */
  readonly copies: number;
  /** Of the draws; `null` where nothing was drawn. */
  readonly seed: number | null;
}

/** The copies that are made of each batch, and how the predictions say so. */
export interface TestTimeCopies {
  readonly record: TestTimeAugmentationRecord;
  /** New batches of changed images; the images themselves come as the last copy, and are not made. */
  readonly make: readonly ((batch: Batch) => Batch)[];
}

/**
 * Names the copies that test-time augmentation averages.
 *
 * @throws {InvalidArgumentError} If `draws` is no whole number from 1 up.
 */
export function testTimeCopies({
  augmentation,
  draws,
  seed = 0,
  name,
}: TestTimeAugmentation): TestTimeCopies {
  if (draws !== undefined) checkWholeNumber('testTimeAugmentation.draws', draws);
  if (hasVariants(augmentation) && draws === undefined) {
    const { variants, variantsName } = augmentation;
    return { record: { name: name ?? variantsName, copies: variants.length, seed: null }, make: variants };
  }
  const count = draws ?? 8;
  const { kind = 'custom' } = augmentation as { kind?: string | undefined };
  return {
    record: { name: name ?? kind, copies: count + 1, seed },
    make: [
      ...Array.from({ length: count }, (_, epoch) => (batch: Batch) => augmentation(batch, { seed, epoch })),
      (batch) => batch,
    ],
  };
}

/** All copies of the first batch, then those of the next. Made one by one; whoever receives them disposes them. */
export async function* copiesOfBatches(
  batches: AsyncIterable<Batch>,
  { make }: TestTimeCopies,
): AsyncGenerator<Batch> {
  for await (const batch of batches) {
    let isHandedOn = false;
    try {
      for (const copy of make) {
        const next = copy(batch);
        isHandedOn = next === batch;
        yield next;
      }
    } finally {
      if (!isHandedOn) {
        batch.images.dispose();
        batch.labels.dispose();
      }
    }
  }
}

/** The mean of the outputs for all copies of a batch, in the place of the last one, whose labels are the true ones. */
export async function* meansOfCopies<Output extends { readonly values: ArrayLike<number> }>(
  outputs: AsyncIterable<Output>,
  { record }: TestTimeCopies,
): AsyncGenerator<Output & { readonly values: Float32Array }> {
  let sums: Float64Array | undefined;
  let seen = 0;
  for await (const output of outputs) {
    sums ??= new Float64Array(output.values.length);
    for (let at = 0; at < sums.length; at++) sums[at]! += output.values[at]! / record.copies;
    seen++;
    if (seen < record.copies) continue;
    yield { ...output, values: Float32Array.from(sums) };
    sums = undefined;
    seen = 0;
  }
}
