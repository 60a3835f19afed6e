import { describe, expect, it } from 'vitest';
import {
  AbortedError,
  createRandom,
  type DecodedImage,
  FileError,
  InvalidArgumentError,
  type ProgressEvent,
  type Sample,
} from 'xray-core';
import { drawSyntheticXray } from '../synthetic/draw-synthetic-xray.js';
import { type AuditOptions, auditDataset } from './audit-dataset.js';

const SIZE = 48;

/** Soft spots with some noise: like no other image of another seed. */
function drawSpots(seed: number): DecodedImage {
  const random = createRandom(seed);
  const waves = Array.from({ length: 8 }, () => ({
    across: random.uniform(-3, 3),
    down: random.uniform(-3, 3),
    phase: random.uniform(0, 6.3),
    height: random.uniform(6, 22),
  }));
  const pixels = Uint8Array.from({ length: SIZE * SIZE }, (_, at) => {
    const [x, y] = [(at % SIZE) / SIZE, Math.floor(at / SIZE) / SIZE];
    const level = waves.reduce(
      (sum, { across, down, phase, height }) =>
        sum + height * Math.sin(6.3 * (across * x + down * y) + phase),
      128,
    );
    return Math.min(255, Math.max(0, level + random.normal(0, 3)));
  });
  return { pixels, height: SIZE, width: SIZE, channels: 1 };
}

/** A copy with noise, as from strong compression. */
function blemish(image: DecodedImage, seed: number): DecodedImage {
  const random = createRandom(seed).stream('blemish');
  return {
    ...image,
    pixels: Uint8Array.from(image.pixels, (level) => Math.min(255, Math.max(0, level + random.normal(0, 4)))),
  };
}

function mirror(image: DecodedImage): DecodedImage {
  const { pixels, width } = image;
  return {
    ...image,
    pixels: pixels.map((_, at) => pixels[at - (at % width) + width - 1 - (at % width)]!),
  };
}

const sample = (id: string, more: Partial<Sample> = {}): Sample => ({
  ...{ id, source: id, finding: 'normal', patientId: id },
  ...more,
});

/** Audits images by id. */
function audit(
  images: Readonly<Record<string, DecodedImage>>,
  facts: Readonly<Record<string, Partial<Sample>>> = {},
  options: Partial<AuditOptions> = {},
) {
  const samples = Object.keys(images).map((id) => sample(id, facts[id]));
  const open = async ({ id }: Sample) => ({ decode: async () => images[id]! });
  return auditDataset(samples, { open, ...options });
}

describe('auditDataset', () => {
  it('finds every planted copy and nothing else among independent images', async () => {
    for (let round = 0; round < 3; round++) {
      const random = createRandom(round);
      const images: Record<string, DecodedImage> = {};
      const exact: string[][] = [];
      const near: string[][] = [];
      for (let index = 0; index < 60; index++) {
        const id = `${index}`.padStart(2, '0');
        const image = drawSpots(1000 * round + index);
        images[id] = image;
        const draw = random.uniform();
        if (draw < 0.2) {
          images[`${id}-copy`] = { ...image };
          exact.push([id, `${id}-copy`]);
        } else if (draw < 0.4) {
          images[`${id}-near`] = blemish(image, index);
          near.push([id, `${id}-near`]);
        } else if (draw < 0.5) {
          images[`${id}-mirrored`] = mirror(image);
        }
      }
      const found = await audit(images);
      expect(found.exactDuplicates.map(({ ids }) => ids)).toEqual(exact);
      expect(found.nearDuplicates.map(({ ids }) => ids)).toEqual(near);
      expect(exact.length * near.length).toBeGreaterThan(0);
    }
  });

  it('joins copies of copies, and lists exact copies of near duplicates', async () => {
    const image = drawSpots(1);
    const { exactDuplicates, nearDuplicates } = await audit({
      ...{ a: image, b: blemish(image, 2), c: { ...image }, d: blemish(image, 3), e: drawSpots(9) },
    });
    expect(exactDuplicates).toEqual([{ ids: ['a', 'c'], same: 'pixels', across: ['patients'] }]);
    expect(nearDuplicates).toHaveLength(1);
    expect(nearDuplicates[0]).toMatchObject({ ids: ['a', 'b', 'c', 'd'], across: ['patients'] });
    expect(nearDuplicates[0]!.correlation).toBeGreaterThan(0.98);
  });

  it('says whether copies lie on several sides, in several classes, with several patients', async () => {
    const [one, two, three] = [drawSpots(1), drawSpots(2), drawSpots(3)];
    const { exactDuplicates, nearDuplicates } = await audit(
      { a: one, b: { ...one }, c: two, d: { ...two }, e: three, f: blemish(three, 1) },
      {
        a: { split: 'train', patientId: 'p' },
        b: { split: 'test', patientId: 'p' },
        c: { finding: 'viral', patientId: 'q', split: 'train' },
        d: { finding: 'bacterial', patientId: 'q' },
        e: { split: 'train', finding: 'viral' },
        f: { split: 'validation' },
      },
    );
    expect(exactDuplicates.map(({ across }) => across)).toEqual([['splits'], ['classes']]);
    expect(nearDuplicates.map(({ across }) => across)).toEqual([['splits', 'classes', 'patients']]);
  });

  it('takes gray images for the same in one channel or three, but not in another depth or size', async () => {
    const image = drawSpots(4);
    const rgb = new Uint8Array(image.pixels.length * 3).map((_, at) => image.pixels[Math.floor(at / 3)]!);
    const deep = Uint16Array.from(image.pixels, (level) => level * 257);
    const { exactDuplicates, nearDuplicates, pixelKinds } = await audit({
      gray: image,
      rgb: { ...image, pixels: rgb, channels: 3 },
      deep: { ...image, pixels: deep },
      turned: { ...image, height: SIZE * 2, width: SIZE / 2 },
    });
    expect(exactDuplicates.map(({ ids }) => ids)).toEqual([['gray', 'rgb']]);
    expect(nearDuplicates.map(({ ids }) => ids)).toEqual([['deep', 'gray', 'rgb']]);
    expect(pixelKinds).toEqual([
      { channels: 1, bits: 8, images: 2 },
      { channels: 1, bits: 16, images: 1 },
      { channels: 3, bits: 8, images: 1 },
    ]);
  });

  it('finds patients on several sides', async () => {
    const images = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((id, index) => [id, drawSpots(index)]));
    const { patientsOnSeveralSides, patientCount } = await audit(images, {
      a: { patientId: 'p', split: 'train' },
      b: { patientId: 'p', split: 'train' },
      c: { patientId: 'p', split: 'test' },
      d: { patientId: 'q', split: 'test' },
      e: { patientId: 'q' },
    });
    expect(patientsOnSeveralSides).toEqual([{ patientId: 'p', images: { train: 2, test: 1 } }]);
    expect(patientCount).toBe(2);
  });

  it('counts classes and sizes', async () => {
    const small = (seed: number) => drawSyntheticXray({ finding: 'normal', seed, height: 70, width: 90 });
    const { counts, sizes, imageCount } = await audit(
      { a: drawSpots(1), b: small(1), c: small(2) },
      {
        a: { split: 'test', finding: 'viral' },
        b: { split: 'train', patientId: 'p' },
        c: { split: 'train', patientId: 'p' },
      },
    );
    expect(imageCount).toBe(3);
    expect(counts).toEqual([
      { split: 'train', finding: 'normal', images: 2, patients: 1 },
      { split: 'test', finding: 'viral', images: 1, patients: 1 },
    ]);
    expect(sizes).toEqual({
      height: { smallest: SIZE, median: 70, largest: 70 },
      width: { smallest: SIZE, median: 90, largest: 90 },
      different: 2,
      mostCommon: [
        { height: 70, width: 90, images: 2 },
        { height: SIZE, width: SIZE, images: 1 },
      ],
    });
  });

  it('names what is suspicious about an image, with the number', async () => {
    const chest = drawSyntheticXray({ finding: 'viral', seed: 3, height: 96, width: 96 });
    const coloured = new Uint8Array(96 * 96 * 3).map((_, at) =>
      at % 3 === 0 ? 200 : chest.pixels[(at / 3) | 0]!,
    );
    const wide = drawSyntheticXray({ finding: 'viral', seed: 5, height: 80, width: 200 });
    const found = await audit({
      blank: { ...chest, pixels: chest.pixels.map((_, at) => 120 + (at % 2)) },
      chest,
      coloured: { ...chest, pixels: coloured, channels: 3 },
      inverted: { ...chest, pixels: chest.pixels.map((level) => 255 - level) },
      tiny: drawSyntheticXray({ finding: 'viral', seed: 4, height: 60, width: 60 }),
      wide,
    });
    const kinds = (id: string) =>
      found.suspicious.filter((one) => one.id === id).map(({ kind, value }) => [kind, value]);
    expect(kinds('blank')).toEqual([['blank', 0.5]]);
    expect(kinds('chest')).toEqual([]);
    expect(kinds('coloured').map(([kind]) => kind)).toContain('coloured');
    expect(kinds('inverted').map(([kind]) => kind)).toContain('inverted');
    expect(kinds('tiny')).toEqual([['tiny', 60]]);
    expect(kinds('wide')).toEqual([['elongated', 2.5]]);
  });

  it('follows the limits it is given, and reports them', async () => {
    const image = drawSpots(6);
    const images = { a: image, b: blemish(image, 1) };
    const none = await audit(images, {}, { limits: { nearCorrelation: 1, tiny: 10 } });
    expect(none.nearDuplicates).toEqual([]);
    expect(none.suspicious.filter(({ kind }) => kind === 'tiny')).toEqual([]);
    expect(none.limits).toMatchObject({ nearCorrelation: 1, tiny: 10, nearDistance: 8 });
  });

  it('lists what cannot be read and goes on', async () => {
    const open = async ({ id }: Sample) => ({
      decode: async () => {
        if (id === 'a') throw new FileError({ file: '/somewhere/a', problem: 'is truncated' });
        if (id === 'b') throw new TypeError('no pixels');
        return drawSpots(2);
      },
    });
    const found = await auditDataset([sample('c'), sample('b'), sample('a')], { open });
    expect(found.unreadable).toEqual([
      { id: 'a', reason: 'is truncated' },
      { id: 'b', reason: 'no pixels' },
    ]);
    expect(found.sizes?.different).toBe(1);
    const nothing = await auditDataset([sample('a')], { open });
    expect(nothing.sizes).toBeNull();
  });

  it('gives the same for any order and any number at a time, and survives JSON', async () => {
    const image = drawSpots(1);
    const images = { a: image, b: blemish(image, 2), c: { ...image }, d: drawSpots(5) };
    const whole = await audit(images);
    const reversed = Object.fromEntries(Object.entries(images).reverse());
    expect(await audit(reversed, {}, { concurrency: 1 })).toEqual(whole);
    expect(JSON.parse(JSON.stringify(whole))).toEqual(whole);
  });

  it('reports progress and stops when it is told to', async () => {
    const events: ProgressEvent[] = [];
    const images = Object.fromEntries(['a', 'b', 'c'].map((id, index) => [id, drawSpots(index)]));
    await audit(images, {}, { onProgress: (event) => events.push(event) });
    expect(events.slice(0, 3)).toEqual([1, 2, 3].map((done) => ({ type: 'decode', done, total: 3 })));
    expect(events.at(-1)).toEqual({ type: 'compare', done: 9, total: 9 });
    const abort = new AbortController();
    const stopped = audit(
      images,
      {},
      {
        ...{ signal: abort.signal, concurrency: 1 },
        onProgress: () => abort.abort(),
      },
    );
    await expect(stopped).rejects.toThrow(AbortedError);
  });

  it('keeps no more images at a time than it is told to', async () => {
    let open = 0;
    let most = 0;
    const samples = Array.from({ length: 20 }, (_, index) => sample(`${index}`));
    await auditDataset(samples, {
      concurrency: 3,
      open: async ({ id }) => {
        most = Math.max(most, ++open);
        await new Promise((done) => setTimeout(done, 1));
        return {
          decode: async () => {
            open--;
            return drawSpots(Number(id));
          },
        };
      },
    });
    expect(most).toBe(3);
  });

  it.each([
    ['samples', [], {}, /`samples` must be at least one sample/],
    ['samples', [sample('a'), sample('a')], {}, /samples with different ids. Received: "a"/],
    ['concurrency', [sample('a')], { concurrency: 0 }, /`concurrency` must be a whole number from 1 up/],
    ['a distance', [sample('a')], { limits: { nearDistance: 64 } }, /below 64, the number of bits/],
    [
      'a correlation',
      [sample('a')],
      { limits: { nearCorrelation: 98 } },
      /`limits.nearCorrelation` must be in \[-1, 1\]/,
    ],
    ['a limit', [sample('a')], { limits: { blank: Number.NaN } }, /`limits.blank` must be a finite number/],
  ] as const)('refuses %s out of range', async (_, samples, options, message) => {
    const open = async () => ({ decode: async () => drawSpots(1) });
    const refused = auditDataset(samples, { open, ...options });
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toThrow(InvalidArgumentError);
  });
});
