import { createHash } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import {
  AbortedError,
  bitsOfLevels,
  createRandom,
  type DecodedImage,
  FileError,
  InvalidArgumentError,
  type ProgressEvent,
  prepareImage,
  type Sample,
} from 'xray-core';
import { BadImageError } from '../errors.js';
import { createPixelStore } from './create-pixel-store.js';

const rule = { height: 4, width: 3 };

function makeSamples(count: number): Sample[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `image-${index}`,
    source: `/data/image-${index}.png`,
    finding: 'normal',
    patientId: `patient-${index}`,
  }));
}

/** A picture of its own for every id; `channels` 3 gives three equal ones. */
function draw(id: string, channels: 1 | 3 = 1): DecodedImage {
  const random = createRandom(Number(id.split('-')[1]));
  const gray = Array.from({ length: 8 * 9 }, () => random.integer(0, 256));
  const pixels = Uint8Array.from(channels === 1 ? gray : gray.flatMap((value) => [value, value, value]));
  return { pixels, height: 8, width: 9, channels };
}

const decode = async ({ id }: Sample) => draw(id);

describe('createPixelStore', () => {
  it('holds every image, resized, in the order of the samples, whatever the order of decoding', async () => {
    const samples = makeSamples(20);
    const slowFirst = async (sample: Sample) => {
      await new Promise((resolve) => setTimeout(resolve, sample.id.endsWith('0') ? 8 : 1));
      return draw(sample.id);
    };
    const store = await createPixelStore(samples, { decode: slowFirst, rule });
    expect(store.ids).toEqual(samples.map(({ id }) => id));
    expect([store.count, store.height, store.width, store.channels]).toEqual([20, 4, 3, 1]);
    samples.forEach(({ id }, index) => {
      expect(store.pixelsOf(id)).toEqual(prepareImage(draw(id), { channels: 1, resize: rule }).pixels);
      expect(store.pixelsAt(index)).toEqual(store.pixelsOf(id));
      expect(store.indexOf(id)).toBe(index);
    });
  });

  it('shares its memory, records the rules and copies nothing for a view', async () => {
    const store = await createPixelStore(makeSamples(3), { decode, rule: { ...rule, fit: 'contain' } });
    expect(store.pixels.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(store.pixelsAt(2).buffer).toBe(store.pixels.buffer);
    expect(store.rule).toEqual({ height: 4, width: 3, fit: 'contain' });
    expect(store).toMatchObject({ bitsStored: undefined, warnings: [] });
  });

  it('does without SharedArrayBuffer, as on ordinary web pages', async () => {
    vi.stubGlobal('SharedArrayBuffer', undefined);
    try {
      const store = await createPixelStore(makeSamples(2), { decode, rule });
      expect(store.pixels.buffer).toBeInstanceOf(ArrayBuffer);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it('decodes no more images at a time than asked', async () => {
    let running = 0;
    let most = 0;
    const counted = async (sample: Sample) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 1));
      running--;
      return draw(sample.id);
    };
    await createPixelStore(makeSamples(30), { decode: counted, rule, concurrency: 3 });
    expect(most).toBe(3);
  });

  it('reports progress image by image', async () => {
    const events: ProgressEvent[] = [];
    await createPixelStore(makeSamples(5), { decode, rule, onProgress: (event) => events.push(event) });
    expect(events).toEqual([1, 2, 3, 4, 5].map((done) => ({ type: 'decode', done, total: 5 })));
  });

  describe('channels', () => {
    const tinted = async ({ id }: Sample): Promise<DecodedImage> => {
      const image = draw(id, 3);
      return {
        ...image,
        pixels: image.pixels.map((value, at) => (at % 3 === 0 ? value >> 1 : value)) as Uint8Array,
      };
    };

    it('keeps gray for three equal channels', async () => {
      const store = await createPixelStore(makeSamples(5), { decode: async ({ id }) => draw(id, 3), rule });
      expect(store.channels).toBe(1);
      expect(store.coloured).toEqual({ inspected: 5, count: 0 });
      expect(store.pixelsAt(4)).toEqual(prepareImage(draw('image-4'), { channels: 1, resize: rule }).pixels);
    });

    it('keeps RGB only if more than half are really coloured', async () => {
      const some = (share: number) => async (sample: Sample) =>
        Number(sample.id.split('-')[1]) < share * 100 ? tinted(sample) : draw(sample.id);
      const half = await createPixelStore(makeSamples(100), { decode: some(0.5), rule });
      expect([half.channels, half.coloured]).toEqual([1, { inspected: 32, count: 16 }]);
      const most = await createPixelStore(makeSamples(100), { decode: some(0.6), rule });
      expect([most.channels, most.pixels.length]).toEqual([3, 100 * 4 * 3 * 3]);
    });

    it('does what the caller says without looking', async () => {
      const store = await createPixelStore(makeSamples(3), { decode: tinted, rule, channels: 1 });
      expect([store.channels, store.coloured]).toEqual([1, { inspected: 0, count: 0 }]);
    });
  });

  describe('bad images', () => {
    const samples = makeSamples(6);
    const broken = async (sample: Sample) => {
      if (['image-0', 'image-3'].includes(sample.id)) {
        throw new FileError({ file: sample.source, problem: 'is truncated' });
      }
      return draw(sample.id);
    };

    it('fails at the first one, naming the file and what to do', async () => {
      const error = await createPixelStore(samples, { decode: broken, rule }).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(BadImageError);
      expect((error as BadImageError).message).toBe(
        "/data/image-0.png: is truncated. Repair or remove the image, or skip it with onBadImage: 'skip'.",
      );
      expect(error).toMatchObject({ code: 'bad-image', file: '/data/image-0.png', reason: 'is truncated' });
    });

    it('starts no further images after a failure', async () => {
      const decoded: string[] = [];
      const counted = async (sample: Sample) => {
        decoded.push(sample.id);
        return broken(sample);
      };
      await expect(
        createPixelStore(makeSamples(50), { decode: counted, rule, channels: 1 }),
      ).rejects.toThrow();
      expect(decoded.length).toBeLessThan(10);
    });

    it('leaves them out and lists them when told to', async () => {
      const store = await createPixelStore(samples, { decode: broken, rule, onBadImage: 'skip' });
      expect(store.ids).toEqual(['image-1', 'image-2', 'image-4', 'image-5']);
      expect(store.skipped).toEqual([
        { id: 'image-0', source: '/data/image-0.png', reason: 'is truncated' },
        { id: 'image-3', source: '/data/image-3.png', reason: 'is truncated' },
      ]);
      expect(store.pixels).toHaveLength(4 * 12);
      for (const id of store.ids)
        expect(store.pixelsOf(id)).toEqual(prepareImage(draw(id), { channels: 1, resize: rule }).pixels);
      expect(store.indexOf('image-3')).toBe(-1);
      expect(() => store.pixelsOf('image-3')).toThrow(
        /`id` must be one of the 4 images.*could not be decoded are listed in `skipped`/,
      );
    });

    it('also counts an image whose pixels do not fit its size', async () => {
      const wrong = async ({ id }: Sample) => ({ ...draw(id), height: 7 });
      await expect(createPixelStore(samples, { decode: wrong, rule, channels: 1 })).rejects.toThrow(
        /image-0\.png: `image\.pixels` must be/,
      );
    });

    it('refuses what is no image of 8 or 16 bits, in one sentence, whether or not it looks for colour first', async () => {
      const shares = (values: ArrayLike<number>) => ({ pixels: values, height: 1, width: 4, channels: 1 });
      const floats = shares(new Float32Array(4).fill(0.5));
      for (const wrong of [floats, shares([1, 2, 3, 4]), shares(new Int8Array(4)), {}, undefined, null]) {
        for (const channels of ['auto', 1] as const) {
          const decode = async () => wrong as never;
          const stop = createPixelStore(samples, { decode, rule, channels });
          await expect(stop).rejects.toThrow(BadImageError);
          await expect(stop).rejects.toThrow(
            /image-0\.png: `image.*` must be .*[^.]\. Repair or remove the image/,
          );
        }
      }
    });

    it('fails if none can be decoded, even when skipping', async () => {
      const none = async () => Promise.reject(new Error('no such codec'));
      await expect(createPixelStore(samples, { decode: none, rule, onBadImage: 'skip' })).rejects.toThrow(
        /at least one can be decoded\. Received: 6\. The first one failed: \/data\/image-0\.png: no such codec/,
      );
    });
  });

  it('stops when aborted, and does not call that a bad image', async () => {
    const controller = new AbortController();
    let decoded = 0;
    const aborting = async ({ id }: Sample) => {
      if (++decoded === 8) controller.abort(new Error('closed'));
      return draw(id);
    };
    const made = createPixelStore(makeSamples(100), {
      decode: aborting,
      rule,
      channels: 1,
      onBadImage: 'skip',
      signal: controller.signal,
    });
    await expect(made).rejects.toThrow(AbortedError);
    expect(decoded).toBeLessThan(16);
  });

  it('passes on an error thrown by onProgress', async () => {
    const onProgress = () => {
      throw new TypeError('from the caller');
    };
    await expect(
      createPixelStore(makeSamples(3), { decode, rule, onProgress, onBadImage: 'skip' }),
    ).rejects.toThrow(TypeError);
  });

  it('refuses options that cannot work', async () => {
    const samples = makeSamples(2);
    await expect(createPixelStore([], { decode, rule })).rejects.toThrow(/at least one sample/);
    await expect(createPixelStore([...samples, ...samples], { decode, rule })).rejects.toThrow(
      InvalidArgumentError,
    );
    await expect(createPixelStore(samples, { decode, rule: { height: 0, width: 3 } })).rejects.toThrow(
      /`rule\.height` must be a whole number from 1 up/,
    );
    await expect(createPixelStore(samples, { decode, rule, concurrency: 0 })).rejects.toThrow(
      /`concurrency`/,
    );
    const huge = { height: 1e7, width: 1e7 };
    await expect(createPixelStore(samples, { decode, rule: huge })).rejects.toThrow(
      /fit in memory\. Received: "200000000000000 bytes"\. Ask for smaller images/,
    );
  });
});

describe('16-bit images whose white is not known', () => {
  const brightest = [300, 1023, 1000, 4095, 2047, 200];
  const samples = makeSamples(brightest.length);
  const deep = (level: number): DecodedImage => {
    const pixels = new Uint16Array(12).fill(level);
    return { pixels, height: 4, width: 3, channels: 1, bitsUsed: bitsOfLevels(pixels) };
  };
  const decodeDeep = async ({ id }: Sample) => deep(brightest[Number(id.split('-')[1])]!);

  it.each([1, 6])('are scaled alike, by the bits of the whole set, %i at a time', async (concurrency) => {
    const store = await createPixelStore(samples, { decode: decodeDeep, rule, concurrency });
    expect(store.bitsStored).toBe(12);
    expect(samples.map(({ id }) => store.pixelsOf(id)[0])).toEqual(brightest.map((level) => level >> 4));
    // Those a quarter as bright as 12 bits allow are doubted.
    expect(store.warnings.map(({ id, kind }) => `${id} ${kind}`)).toEqual(
      [0, 1, 2, 5].map((place) => `image-${place} white-unknown`),
    );
  });

  it('are scaled by the bits that were asked for; those that use more are bad images', async () => {
    const options = { decode: decodeDeep, rule, onBadImage: 'skip' } as const;
    const wide = await createPixelStore(samples, { ...options, bitsStored: 14 });
    expect([wide.bitsStored, wide.pixelsOf('image-3')[0]]).toEqual([14, 63]);
    const narrow = await createPixelStore(samples, { ...options, bitsStored: 10 });
    expect(narrow.skipped.map(({ id }) => id)).toEqual(['image-3', 'image-4']);
    expect(narrow.skipped[0]!.reason).toMatch(/`image\.bitsUsed` must be at most 10/);
    await expect(createPixelStore(samples, { ...options, bitsStored: 17 })).rejects.toThrow(
      '`bitsStored` must be a whole number from 8 to 16. Received: 17.',
    );
  });

  it('say nothing of others, whose warnings are kept', async () => {
    const warning = { kind: 'not-frontal-chest', text: 'says that it is a hand' } as const;
    const mixed = async (sample: Sample) =>
      sample.id === 'image-1' ? { ...draw(sample.id), warnings: [warning] } : decodeDeep(sample);
    const store = await createPixelStore(samples.slice(1, 4), { decode: mixed, rule });
    expect(store.pixelsOf('image-1')).toEqual(
      prepareImage(draw('image-1'), { channels: 1, resize: rule }).pixels,
    );
    expect(store.warnings[0]).toEqual({ id: 'image-1', source: '/data/image-1.png', ...warning });
  });
});

describe('contentHash', () => {
  it('is the documented SHA-256, computed here with node:crypto', async () => {
    const store = await createPixelStore(makeSamples(4), { decode, rule });
    const outer = createHash('sha256').update('4,4,3,1');
    for (let index = 0; index < 4; index++)
      outer.update(`\n${createHash('sha256').update(store.pixelsAt(index).slice()).digest('hex')}`);
    expect(await store.contentHash()).toBe(outer.digest('hex'));
  });

  it('changes with a single pixel and with the order', async () => {
    const samples = makeSamples(4);
    const first = await (await createPixelStore(samples, { decode, rule })).contentHash();
    const changed = async ({ id }: Sample) => {
      const image = draw(id);
      return id === 'image-2'
        ? { ...image, pixels: image.pixels.map((value, at) => (at < 9 ? 255 - value : value)) as Uint8Array }
        : image;
    };
    expect(await (await createPixelStore(samples, { decode: changed, rule })).contentHash()).not.toBe(first);
    expect(await (await createPixelStore([...samples].reverse(), { decode, rule })).contentHash()).not.toBe(
      first,
    );
    expect(await (await createPixelStore(samples, { decode, rule })).contentHash()).toBe(first);
  });
});

describe('pixelsAt', () => {
  it('refuses places outside the store', async () => {
    const store = await createPixelStore(makeSamples(2), { decode, rule });
    expect(() => store.pixelsAt(2)).toThrow(/`index` must be a whole number from 0 to 1\. Received: 2/);
    expect(() => store.pixelsAt(-1)).toThrow(InvalidArgumentError);
  });
});
