import {
  type Augmentation,
  type AugmentationDraw,
  createRandom,
  InvalidArgumentError,
  type Random,
} from 'xray-core';
import { type ArrayAugmentation, type ArrayBatch, checkIds, readBatch, toBatch } from '../array-batch.js';
import { checkShare } from '../check-options.js';

/** How one image of a batch is mixed. Plain JSON. */
export interface Mix<Parameters> {
  readonly id: string;
  /** The image that is mixed in. */
  readonly partner: string;
  readonly parameters: Parameters;
}

/**
 * An augmentation that mixes the images of a batch, and their labels. It is a function of batches, for `train`, and
 * shows its draws.
 *
 * Whether and how an image is mixed depends on the seed, the epoch and its id alone. Its partner is another image
 * of the same batch, so it also depends on which images are in the batch; not on their order, and, as batches are
 * augmented before they are divided, not on micro-batches or the number of workers.
 */
export interface MixingAugmentation<Parameters = unknown> extends ArrayAugmentation {
  readonly kind: string;
  /** What would happen to a batch of these images: an entry for each id but those whose images stay as they are. */
  draw(ids: readonly string[], draw: AugmentationDraw): Mix<Parameters>[];
  /**
   * Does to a batch what a draw says. The result's tensors are new and belong to the caller.
   *
   * @throws {InvalidArgumentError} If a partner is not in the batch.
   */
  apply(
    batch: globalThis.Parameters<Augmentation>[0],
    mixes: readonly Mix<Parameters>[],
  ): ReturnType<Augmentation>;
}

interface MixingDefinition<Parameters> {
  kind: string;
  probability: number;
  draw(random: Random): Parameters;
  /**
   * Mixes the partner's pixels into `pixels`, which holds a copy of the image.
   *
   * @returns The partner's share of the label, in `[0, 1]`.
   */
  mix(
    pixels: Float32Array,
    partner: Float32Array,
    shape: { readonly height: number; readonly width: number; readonly channels: number },
    parameters: Parameters,
  ): number;
}

/** @internal */
export function createMixing<Parameters>(
  definition: MixingDefinition<Parameters>,
): MixingAugmentation<Parameters> {
  const { kind, probability } = definition;
  checkShare('probability', probability);

  function draw(ids: readonly string[], { seed, epoch }: AugmentationDraw): Mix<Parameters>[] {
    const inOrder = [...new Set(ids)].sort(); // of the ids, so that places in the batch do not matter
    const random = createRandom(seed);
    return [...new Set(ids)].flatMap((id) => {
      const own = random.stream(kind, epoch, id);
      if (own.uniform() >= probability || inOrder.length < 2) return [];
      const parameters = definition.draw(own);
      const others = own.integer(0, inOrder.length - 1);
      const partner = inOrder[others < inOrder.indexOf(id) ? others : others + 1]!;
      return [{ id, partner, parameters }];
    });
  }

  function applyToArrays(before: ArrayBatch, mixes: readonly Mix<Parameters>[]): ArrayBatch {
    const { ids, imageShape } = before;
    const [count, height, width, channels] = imageShape;
    checkIds(ids, count);
    const size = height * width * channels;
    const classes = before.labels.length / ids.length;
    const pixels = before.pixels.slice();
    const labels = before.labels.slice();
    const mixOf = new Map(mixes.map((mix) => [mix.id, mix]));
    for (const [own, id] of ids.entries()) {
      const mix = mixOf.get(id);
      if (!mix) continue;
      const other = placeOf(ids, mix.partner);
      const share = definition.mix(
        pixels.subarray(own * size, (own + 1) * size),
        before.pixels.subarray(other * size, (other + 1) * size),
        { height, width, channels },
        mix.parameters,
      );
      for (let label = 0; label < classes; label++) {
        labels[own * classes + label] =
          (1 - share) * before.labels[own * classes + label]! +
          share * before.labels[other * classes + label]!;
      }
    }
    return { ...before, pixels, labels };
  }

  const apply: MixingAugmentation<Parameters>['apply'] = (batch, mixes) =>
    toBatch(applyToArrays(readBatch(batch), mixes));
  const augment: Augmentation = (batch, how) => apply(batch, draw(batch.ids, how));
  const augmentArrays: ArrayAugmentation['augmentArrays'] = (batch, how) =>
    applyToArrays(batch, draw(batch.ids, how));
  return Object.assign(augment, { kind, draw, apply, augmentArrays });
}

function placeOf(ids: readonly string[], partner: string): number {
  const place = ids.indexOf(partner);
  if (place >= 0) return place;
  throw new InvalidArgumentError({
    argument: 'mixes',
    expected: 'a draw whose partners are images of the batch',
    received: partner,
  });
}
