import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  AbortedError,
  type Batch,
  classListOf,
  InvalidArgumentError,
  NORMAL_BACTERIAL_VIRAL,
  type Sample,
} from 'xray-core';
import { createBatches } from './create-batches.js';
import { createPixelStore } from './pixels/create-pixel-store.js';
import type { PixelStore } from './pixels/pixel-store.js';

const classList = NORMAL_BACTERIAL_VIRAL;
const samples: Sample[] = Array.from({ length: 23 }, (_, index) => ({
  id: `image-${index}`,
  source: `image-${index}`,
  finding: classList.names[index % 3]!,
  patientId: `patient-${index}`,
}));
const rule = { height: 3, width: 2 };

let store: PixelStore;
beforeAll(async () => {
  await tf.setBackend('cpu');
  const decode = async ({ id }: Sample) => ({
    pixels: Uint8Array.from({ length: 6 }, (_, at) => Number(id.split('-')[1]) * 11 + at),
    height: 3,
    width: 2,
    channels: 1 as const,
  });
  store = await createPixelStore(samples, { decode, rule });
});

async function idsOf(epoch: AsyncIterable<Batch>): Promise<string[][]> {
  const ids: string[][] = [];
  for await (const batch of epoch) {
    ids.push([...batch.ids]);
    tf.dispose([batch.images, batch.labels]);
  }
  return ids;
}

describe('createBatches', () => {
  it('gives pixels in [0, 1] and one-hot labels that belong to the ids', async () => {
    const source = createBatches({ store, samples, classList, batchSize: 8, shuffle: true, seed: 7 });
    let seen = 0;
    for await (const { images, labels, ids } of source.epoch(0)) {
      expect(images.shape).toEqual([ids.length, 3, 2, 1]);
      expect(labels.shape).toEqual([ids.length, 3]);
      expect([images.dtype, labels.dtype]).toEqual(['float32', 'float32']);
      const pixels = await images.data();
      const oneHot = (await labels.array()) as number[][];
      ids.forEach((id, row) => {
        const expected = Float32Array.from(store.pixelsOf(id), (level) => level / 255);
        expect(pixels.subarray(row * 6, row * 6 + 6)).toEqual(expected);
        const { finding } = samples.find((sample) => sample.id === id)!;
        expect(oneHot[row]).toEqual(classList.names.map((name) => (name === finding ? 1 : 0)));
      });
      seen += ids.length;
      tf.dispose([images, labels]);
    }
    expect(seen).toBe(23);
  });

  it('keeps three channels where the store has them', async () => {
    const decode = async () => ({
      pixels: Uint8Array.from({ length: 18 }, (_, at) => at),
      height: 3,
      width: 2,
      channels: 3 as const,
    });
    const colour = await createPixelStore(samples.slice(0, 2), { decode, rule, channels: 3 });
    const source = createBatches({ store: colour, samples: samples.slice(0, 2), classList, batchSize: 2 });
    for await (const { images, labels } of source.epoch(0)) {
      expect(images.shape).toEqual([2, 3, 2, 3]);
      tf.dispose([images, labels]);
    }
  });

  it('announces its sizes and fills the last batch with what is left', async () => {
    const source = createBatches({ store, samples, classList, batchSize: 8 });
    expect(source).toMatchObject({
      classList,
      sampleCount: 23,
      batchSize: 8,
      batchCount: 3,
      skippedCount: 0,
    });
    expect((await idsOf(source.epoch(0))).map((ids) => ids.length)).toEqual([8, 8, 7]);
  });

  it('keeps the order of the samples without shuffling', async () => {
    const source = createBatches({ store, samples, classList, batchSize: 5 });
    expect((await idsOf(source.epoch(3))).flat()).toEqual(samples.map(({ id }) => id));
  });

  it('tells the order of an epoch without making its batches', async () => {
    for (const shuffle of [false, true]) {
      const source = createBatches({ store, samples, classList, batchSize: 8, shuffle, seed: 7 });
      for (const epoch of [0, 1]) {
        expect(source.order(epoch)).toEqual((await idsOf(source.epoch(epoch))).flat());
      }
    }
  });

  it('augments 8-bit pixels by seed, epoch and id, and leaves the store as it was', async () => {
    const before = samples.map(({ id }) => Array.from(store.pixelsOf(id)));
    const augmentation = {
      augmentPixels: (
        { pixels }: { pixels: Uint8Array },
        id: string,
        draw: { seed: number; epoch: number },
      ) => pixels.map((level) => (level + draw.seed * 10 + draw.epoch + Number(id.split('-')[1])) % 256),
    };
    const options = { store, samples, classList, shuffle: true, seed: 7, augmentation };
    for (const batchSize of [4, 8]) {
      for await (const { images, labels, ids } of createBatches({ ...options, batchSize }).epoch(3)) {
        const pixels = await images.data();
        ids.forEach((id, row) => {
          const number = Number(id.split('-')[1]);
          const expected = Float32Array.from(
            store.pixelsOf(id),
            (level) => ((level + 73 + number) % 256) / 255,
          );
          expect(pixels.subarray(row * 6, row * 6 + 6)).toEqual(expected);
        });
        tf.dispose([images, labels]);
      }
    }
    expect(samples.map(({ id }) => Array.from(store.pixelsOf(id)))).toEqual(before);
  });

  it('shuffles by seed and epoch alone, so that a resumed run sees the same batches', async () => {
    const make = (seed: number, batchSize = 4) =>
      createBatches({ store, samples, classList, batchSize, shuffle: true, seed });
    const source = make(7);
    const epochs = [await idsOf(source.epoch(0)), await idsOf(source.epoch(1)), await idsOf(source.epoch(2))];
    expect(await idsOf(make(7).epoch(2))).toEqual(epochs[2]); // without having seen epochs 0 and 1
    expect(await idsOf(source.epoch(0))).toEqual(epochs[0]);
    expect((await idsOf(make(7, 9).epoch(1))).flat()).toEqual(epochs[1]!.flat());
    expect(new Set(epochs.map((epoch) => epoch.flat().join())).size).toBe(3);
    expect(await idsOf(make(8).epoch(0))).not.toEqual(epochs[0]);
    for (const epoch of epochs) expect(epoch.flat().sort()).toEqual(samples.map(({ id }) => id).sort());
  });

  it.each([0, 1, 2, 50])('gives the same batches with %i prepared ahead', async (prefetch) => {
    const source = createBatches({
      store,
      samples,
      classList,
      batchSize: 4,
      shuffle: true,
      seed: 7,
      prefetch,
    });
    const slow: string[][] = [];
    for await (const batch of source.epoch(0)) {
      slow.push([...batch.ids]);
      tf.dispose([batch.images, batch.labels]);
      await new Promise((resolve) => setTimeout(resolve, 3)); // time for preparing ahead
    }
    const plain = createBatches({
      store,
      samples,
      classList,
      batchSize: 4,
      shuffle: true,
      seed: 7,
      prefetch: 0,
    });
    expect(slow).toEqual(await idsOf(plain.epoch(0)));
  });

  it('leaves no tensors behind: after an epoch, a break, an error, an abort', async () => {
    const source = createBatches({ store, samples, classList, batchSize: 4, shuffle: true });
    const before = tf.memory().numTensors;
    await idsOf(source.epoch(0));
    expect(tf.memory().numTensors).toBe(before);

    for await (const batch of source.epoch(0)) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(tf.memory().numTensors).toBe(before + 2); // nothing but what was handed out
      tf.dispose([batch.images, batch.labels]);
      break;
    }
    expect(tf.memory().numTensors).toBe(before);

    await expect(async () => {
      for await (const batch of source.epoch(0)) {
        tf.dispose([batch.images, batch.labels]);
        throw new Error('training failed');
      }
    }).rejects.toThrow('training failed');
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(tf.memory().numTensors).toBe(before);
  });

  it('obeys the signal between batches', async () => {
    const controller = new AbortController();
    const source = createBatches({ store, samples, classList, batchSize: 4 });
    const before = tf.memory().numTensors;
    let batches = 0;
    await expect(async () => {
      for await (const batch of source.epoch(0, { signal: controller.signal })) {
        tf.dispose([batch.images, batch.labels]);
        if (++batches === 2) controller.abort();
      }
    }).rejects.toThrow(AbortedError);
    expect(batches).toBe(2);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('leaves out samples whose images could not be decoded, and counts them', async () => {
    const decode = async ({ id }: Sample) => {
      if (id === 'image-5') throw new Error('broken');
      return { pixels: new Uint8Array(6), height: 3, width: 2, channels: 1 as const };
    };
    const partial = await createPixelStore(samples, { decode, rule, onBadImage: 'skip' });
    const source = createBatches({ store: partial, samples: samples.slice(4, 8), classList, batchSize: 3 });
    expect(source).toMatchObject({ sampleCount: 3, batchCount: 1, skippedCount: 1 });
    expect(await idsOf(source.epoch(0))).toEqual([['image-4', 'image-6', 'image-7']]);
    expect(() => createBatches({ store: partial, samples: [samples[5]!], classList, batchSize: 3 })).toThrow(
      /at least one sample with an image in the store/,
    );
  });

  it('refuses samples the store does not know, findings without a class, and numbers out of range', async () => {
    const options = { store, samples, classList, batchSize: 4 };
    const stranger = { ...samples[0]!, id: 'stranger' };
    expect(() => createBatches({ ...options, samples: [...samples, stranger] })).toThrow(
      /samples whose images are in the store\. Received: "stranger"\. Build the store from the samples of all sides/,
    );
    expect(() => createBatches({ ...options, samples: [] })).toThrow(/at least one sample/);
    expect(() => createBatches({ ...options, classList: classListOf(['normal', 'viral']) })).toThrow(
      InvalidArgumentError,
    );
    expect(() => createBatches({ ...options, batchSize: 0 })).toThrow(
      /`batchSize` must be a whole number from 1 up\. Received: 0/,
    );
    expect(() => createBatches({ ...options, prefetch: -1 })).toThrow(
      /`prefetch` must be a whole number from 0 up/,
    );
    await expect(idsOf(createBatches(options).epoch(-1))).rejects.toThrow(
      /`epoch` must be a whole number from 0 up/,
    );
  });
});
