import { describe, expect, it } from 'vitest';
import { FileError } from 'xray-core';
import exports from '../__fixtures__/dicom-exports.json' with { type: 'json' };
import { decodeDicom } from './decode-dicom.js';
import { readDicomFacts } from './dicom-facts.js';
import { isDicom, RECOGNISED_BY_BYTES } from './dicom-file.js';

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));
const fileOf = (name: string) => bytesOf(exports.cases.find((entry) => entry.name === name)!.file);
const [HEIGHT, WIDTH] = [34, 40];

describe('DICOM files as archives export them', () => {
  it.each(exports.cases)('shows $name as pydicom does', async ({ file, shown, ...more }) => {
    const frame = 'frame' in more ? (more.frame as number) : undefined;
    const image = await decodeDicom(bytesOf(file), { frame });
    expect(image).toMatchObject({ height: HEIGHT, width: WIDTH, channels: 1 });
    const expected = exports.pictures[shown]!;
    const scale = image.pixels.BYTES_PER_ELEMENT === 2 ? 257 : 1;
    const largest = expected.reduce(
      (most, level, at) => Math.max(most, Math.abs(image.pixels[at]! / scale - level)),
      0,
    );
    expect(largest).toBeLessThanOrEqual(1);
    const kinds = image.warnings?.map(({ kind }) => kind) ?? [];
    expect(kinds).toEqual('warns' in more && more.warns ? [more.warns] : []);
  });

  it.each([
    'without preamble',
    'without preamble and prefix',
    'elements only, implicit',
    'elements only, explicit',
    'explicit, says implicit',
  ])('recognises a file %s by its start and reads its facts', (name) => {
    expect(isDicom(fileOf(name).subarray(0, RECOGNISED_BY_BYTES))).toBe(true);
    expect(readDicomFacts(fileOf(name))).toMatchObject({ patientId: 'secret-4711', modality: 'DX' });
  });

  it.each([
    ['text', Buffer.from('some words about a patient, but no file of pictures')],
    ['zeros', Buffer.alloc(2000)],
    ['PNG', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')],
    ['one element of group 8 and noise', Buffer.from(`08000500435306004142434445${'f7'.repeat(80)}`, 'hex')],
  ])('does not take %s for a file without preamble', (_, bytes) => {
    expect(isDicom(new Uint8Array(bytes))).toBe(false);
  });

  it('refuses a DICOMDIR', async () => {
    const directory = decodeDicom(bytesOf(exports.refused.DICOMDIR), { name: 'DICOMDIR' });
    await expect(directory).rejects.toThrow(/^DICOMDIR: is a DICOMDIR, the index of a medium, not an image/);
  });

  it('names what chooses a frame, and frames that are not there', async () => {
    const bytes = fileOf('frame 1 of 3, basic offsets');
    await expect(decodeDicom(bytes)).rejects.toThrow(/3 frames.*`frame` \(`--frame` of .*from 1 to 3/);
    await expect(decodeDicom(bytes, { frame: 4 })).rejects.toThrow(/3 frames, which has no frame 4/);
    await expect(decodeDicom(bytes, { frame: 0 })).rejects.toThrow(/`frame` must be/);
    await expect(decodeDicom(fileOf('IDENTITY'), { frame: 4 })).resolves.toBeDefined();
  });

  it('refuses images beyond the limit, saying how to raise it', async () => {
    const problem = /is too large: 40x34 are 1360 pixels, allowed are 1359\. Raise `maxPixels`/;
    await expect(decodeDicom(fileOf('IDENTITY'), { maxPixels: 1359 })).rejects.toThrow(problem);
    await expect(decodeDicom(fileOf('IDENTITY'), { maxPixels: 1360 })).resolves.toBeDefined();
  });

  it.each(exports.cases)(
    'refuses $name cut within its elements, or its pixels',
    async ({ file, ...more }) => {
      const whole = bytesOf(file);
      const frame = 'frame' in more ? (more.frame as number) : undefined;
      for (const share of [0.1, 0.3, 0.6]) {
        const error = await decodeDicom(whole.subarray(0, whole.length * share), { frame }).catch((it) => it);
        expect(error).toBeInstanceOf(FileError);
        expect(error.message).not.toMatch(/secret/i);
      }
    },
  );
});
