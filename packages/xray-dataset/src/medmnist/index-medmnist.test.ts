import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FileError, type Sample } from 'xray-core';
import fixture from '../__fixtures__/medmnist.json' with { type: 'json' };
import { realData } from '../__fixtures__/real-data.js';
import { createPixelStore } from '../pixels/create-pixel-store.js';
import { splitByOwnSides } from '../split/own-sides.js';
import { indexMedmnist } from './index-medmnist.js';

const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));
const SIDE_NAMES = { train: 'train', validation: 'val', test: 'test' } as const;

describe('indexMedmnist', () => {
  it.each(fixture.cases)('reads a $name file as NumPy wrote it', async ({ file, shape, images, labels }) => {
    const { samples, decode } = indexMedmnist(bytesOf(file));
    const splits = splitByOwnSides(samples);
    for (const [side, name] of Object.entries(SIDE_NAMES)) {
      const own = splits[side as keyof typeof SIDE_NAMES];
      expect(own.map(({ finding }) => finding)).toEqual(
        labels[name].map((label) => ['normal', 'pneumonia'][label]),
      );
      for (const [index, sample] of own.entries()) {
        const { pixels, height, width, channels } = await decode(sample);
        expect([...pixels]).toEqual(images[name][index]);
        expect([height, width, channels]).toEqual([shape[0], shape[1], shape[2] ?? 1]);
      }
    }
    expect(new Set(samples.map(({ patientId }) => patientId)).size).toBe(9);
    const store = await createPixelStore(samples, { decode, rule: { height: 3, width: 3 } });
    expect([store.count, store.channels]).toEqual([9, shape[2] ?? 1]);
  });

  it('takes findings of other datasets', () => {
    const findings = ['lung', 'heart', 'kidney'];
    const { samples } = indexMedmnist(bytesOf(fixture.wrong['label 2']), { findings });
    expect(samples[0]!.finding).toBe('kidney');
  });

  it.each([
    ['other type', /data\.npz, train_images: has numbers of type <f4, expected uint8/],
    ['other order', /data\.npz, val_images: has its first axis fastest/],
    [
      'other labels',
      /test images of shape \[3,5,4\] and labels of shape \[3,14\], expected \[n, height, width\]/,
    ],
    ['other count', /labels of shape \[2,1\]/],
    ['no test', /data\.npz: has no test_images, expected images and labels of train, val and test/],
    ['label 2', /has label 2, but findings for 0 to 1 only \(normal, pneumonia\)\. Pass `findings`/],
  ] as const)('refuses a file with %s', (name, message) => {
    const read = () => indexMedmnist(bytesOf(fixture.wrong[name]), { name: 'data.npz' });
    expect(read).toThrow(message);
    expect(read).toThrow(FileError);
  });

  it.each(fixture.cases)('notices that a $name file is truncated, at every length', ({ file }) => {
    const bytes = bytesOf(file);
    for (let length = 0; length < bytes.length; length++)
      expect(() => indexMedmnist(bytes.subarray(0, length)), `${length} bytes`).toThrow(FileError);
  });

  it.each(fixture.cases)(
    'never gives other pixels or labels when a byte of a $name file flips',
    async ({ file }) => {
      const whole = indexMedmnist(bytesOf(file));
      const expected = await Promise.all(whole.samples.map(whole.decode));
      for (let at = 0; at < bytesOf(file).length; at++) {
        const bytes = bytesOf(file);
        bytes[at]! ^= 8;
        let flipped: ReturnType<typeof indexMedmnist>;
        try {
          flipped = indexMedmnist(bytes);
        } catch (error) {
          expect(error, `byte ${at}`).toBeInstanceOf(FileError);
          continue;
        }
        expect(flipped.samples).toEqual(whole.samples); // a byte that says nothing about the content, such as a date
        expect(await Promise.all(flipped.samples.map(flipped.decode))).toEqual(expected);
      }
    },
  );

  it('refuses what is no archive, and samples of other datasets', async () => {
    expect(() => indexMedmnist(new TextEncoder().encode('<html>not found</html>'))).toThrow(
      'medmnist.npz: is no zip archive, truncated or corrupt.',
    );
    const { decode } = indexMedmnist(bytesOf(fixture.cases[0]!.file));
    await expect(decode({ id: 'train/99' } as Sample)).rejects.toThrow(/a sample of medmnist\.npz/);
  });
});

const real = realData('pneumoniamnist_balanced_28.npz');
describe.skipIf(real.isMissing)('indexMedmnist on PneumoniaMNIST', () => {
  it('finds its images, sides and classes', async () => {
    const { samples, decode } = indexMedmnist(readFileSync(real.folder));
    const { train, validation, test } = splitByOwnSides(samples);
    expect([train.length, validation.length, test.length]).toEqual([2428, 270, 468]);
    expect(new Set(samples.map(({ finding }) => finding))).toEqual(new Set(['normal', 'pneumonia']));
    const { height, width, channels, pixels } = await decode(test.at(-1)!);
    expect([height, width, channels]).toEqual([28, 28, 1]);
    expect(new Set(pixels).size).toBeGreaterThan(50);
  });
});
