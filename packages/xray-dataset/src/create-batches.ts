import * as tf from '@tensorflow/tfjs-core';
import type { Batch, BatchSource, ClassList, PixelAugmentation, Sample } from 'xray-core';
import {
  checkWholeNumber,
  createRandom,
  InvalidArgumentError,
  labelOf,
  type OptionNames,
  refuseUnknownOptions,
  throwIfAborted,
} from 'xray-core';
import type { PixelStore } from './pixels/pixel-store.js';

const OPTIONS: OptionNames<BatchesOptions> = {
  store: true,
  samples: true,
  classList: true,
  batchSize: true,
  shuffle: true,
  seed: true,
  augmentation: true,
  prefetch: true,
};

/** Options of `createBatches`. */
export interface BatchesOptions {
  store: PixelStore;
  /** One side of a split. */
  samples: readonly Sample[];
  classList: ClassList;
  /** Images per batch; the last batch of an epoch may hold fewer. */
  batchSize: number;
  /** New order in every epoch; otherwise the order of `samples`. For training only. @default false */
  shuffle?: boolean | undefined;
  /** Seed of the shuffling and the augmentation. @default 0 */
  seed?: number | undefined;
  /**
   * Changes the 8-bit pixels of an epoch before they become floats; for training only, and instead of `train`'s
   * `augmentation`. @default none
   */
  augmentation?: PixelAugmentation | undefined;
  /** Batches converted ahead while the consumer waits for its device. @default 2 */
  prefetch?: number | undefined;
}

/** Batches from a `PixelStore`. */
export interface StoreBatchSource extends BatchSource {
  /** Samples left out because their images could not be decoded. */
  readonly skippedCount: number;
}

/** Faster than dividing, and the same float32 for all 256 levels. */
const PER_LEVEL = 1 / 255;

/**
 * Turns one side of a split into batches: images float32 `[batch, height, width, channels]` in `[0, 1]`
 * (pixel / 255), labels one-hot float32 `[batch, classes]`.
 *
 * The order of an epoch depends on the samples, the seed and the epoch number alone. What is prepared ahead
 * are arrays and not tensors, so a consumer that stops early leaves nothing behind.
 *
 * @throws {InvalidArgumentError} If a sample is neither in the store nor among its skipped ones, no sample is
 *   left, a number is out of range, or the class list does not cover a finding.
 *
 * @example
 * const batches = createBatches({ store, samples: splits.train, classList, batchSize: 32, shuffle: true, seed: 7 });
 * for await (const batch of batches.epoch(0)) tf.dispose([batch.images, batch.labels]);
 */
export function createBatches(options: BatchesOptions): StoreBatchSource {
  refuseUnknownOptions('createBatches', options, OPTIONS);
  const { store, classList, batchSize, shuffle = false, seed = 0, augmentation, prefetch = 2 } = options;
  checkWholeNumber('batchSize', batchSize, 1);
  checkWholeNumber('prefetch', prefetch, 0);
  const samples = presentSamples(options);
  const labels = samples.map(({ finding, id }) => labelOf(classList, finding, id));
  const places = samples.map(({ id }) => store.indexOf(id));
  const random = createRandom(seed);
  const batchCount = Math.ceil(samples.length / batchSize);
  const inOrder = samples.map((_, index) => index);

  function pixelsFor(index: number, epoch: number): Uint8Array {
    const pixels = store.pixelsAt(places[index]!);
    const { height, width, channels } = store;
    const image = { pixels, height, width, channels };
    return augmentation ? augmentation.augmentPixels(image, samples[index]!.id, { seed, epoch }) : pixels;
  }

  function convert(chosen: readonly number[], epoch: number) {
    const size = store.height * store.width * store.channels;
    const images = new Float32Array(chosen.length * size);
    const oneHot = new Float32Array(chosen.length * classList.names.length);
    chosen.forEach((index, row) => {
      const pixels = pixelsFor(index, epoch);
      for (let at = 0, to = row * size; at < size; at++, to++) images[to] = pixels[at]! * PER_LEVEL;
      oneHot[row * classList.names.length + labels[index]!] = 1;
    });
    return { images, oneHot, ids: chosen.map((index) => samples[index]!.id) };
  }

  function toBatch({ images, oneHot, ids }: ReturnType<typeof convert>): Batch {
    return {
      images: tf.tensor4d(images, [ids.length, store.height, store.width, store.channels]),
      labels: tf.tensor2d(oneHot, [ids.length, classList.names.length]),
      ids,
    };
  }

  function orderOf(number: number): readonly number[] {
    checkWholeNumber('epoch', number, 0);
    return shuffle ? random.stream('shuffle', number).shuffle(inOrder) : inOrder;
  }

  async function* epoch(
    number: number,
    { signal }: { signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<Batch> {
    const order = orderOf(number);
    const ready: ReturnType<typeof convert>[] = [];
    let next = 0;
    const convertNext = () => {
      ready.push(convert(order.slice(next * batchSize, (next + 1) * batchSize), number));
      next++;
    };
    // A task of its own: it runs while the consumer waits for its device, and delays nobody.
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refill = () => {
      timer = undefined;
      if (next >= batchCount || ready.length >= prefetch) return;
      convertNext();
      timer = setTimeout(refill, 0);
    };
    try {
      for (let batch = 0; batch < batchCount; batch++) {
        throwIfAborted(signal, 'Reading batches');
        if (ready.length === 0) convertNext();
        const arrays = ready.shift()!;
        timer ??= setTimeout(refill, 0);
        yield toBatch(arrays);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    classList,
    sampleCount: samples.length,
    batchSize,
    batchCount,
    skippedCount: options.samples.length - samples.length,
    patients: patientsOf(samples),
    epoch,
    order: (number) => orderOf(number).map((index) => samples[index]!.id),
  };
}

/** Whose image each is; `undefined` where that is unknown of all. */
function patientsOf(samples: readonly Sample[]): ReadonlyMap<string, string> | undefined {
  if (samples.every(({ isPatientUnknown }) => isPatientUnknown)) return undefined;
  return new Map(samples.map(({ id, patientId }) => [id, patientId]));
}

function presentSamples({ store, samples }: BatchesOptions): Sample[] {
  const skipped = new Set(store.skipped.map(({ id }) => id));
  const present = samples.filter(({ id }) => store.indexOf(id) >= 0);
  const unknown = samples.find(({ id }) => store.indexOf(id) < 0 && !skipped.has(id));
  if (unknown || present.length === 0) {
    throw new InvalidArgumentError({
      argument: 'samples',
      expected: unknown
        ? 'samples whose images are in the store'
        : 'at least one sample with an image in the store',
      received: unknown ? unknown.id : samples.map(({ id }) => id),
      fix: 'Build the store from the samples of all sides.',
    });
  }
  return present;
}
