import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FileError, toEightBit } from 'xray-core';
import reference from '../__fixtures__/dicom-reference.json' with { type: 'json' };
import { realData } from '../__fixtures__/real-data.js';
import { decodeDicom } from './decode-dicom.js';
import { readDicomFacts } from './dicom-facts.js';
import { isDicom } from './dicom-file.js';

const { folder: REAL, isMissing } = realData('dicom');
const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));
const fixture = (name: string) => bytesOf(reference.cases.find((entry) => entry.name === name)!.file);

async function problemOf(bytes: Uint8Array): Promise<FileError> {
  const error = await decodeDicom(bytes, { name: 'scan.dcm' }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(FileError);
  return error as FileError;
}

describe('decodeDicom', () => {
  it.each(reference.cases)('shows $name as pydicom does', async ({ file, bits, levels }) => {
    const image = await decodeDicom(bytesOf(file));
    const { height, width } = reference;
    expect(image).toMatchObject({ height, width, channels: 1 });
    expect(image.pixels.BYTES_PER_ELEMENT * 8).toBe(bits);
    const shown = Array.from(image.pixels, (level) => (bits === 16 ? level / 257 : level));
    expect(shown).toHaveLength(levels.length);
    const largest = shown.reduce((most, level, at) => Math.max(most, Math.abs(level - levels[at]!)), 0);
    expect(largest).toBeLessThanOrEqual(1);
    expect(Math.max(...shown) - Math.min(...shown)).toBeGreaterThan(50); // a picture, not a plane
  });

  it.each([
    ['multi-frame', /^scan\.dcm: is a DICOM file with 2 frames, expected a single image/],
    ['colour', /3 channel\(s\) of type RGB, expected a gray image \(MONOCHROME1 or MONOCHROME2\)/],
    ['no image', /is a DICOM file without an image/],
    ['video', /transfer syntax 1\.2\.840\.10008\.1\.2\.4\.100, which is not supported/],
    [
      'JPEG-LS of another size',
      /header says 40x17 gray pixels of 16 bits, its compressed image has 40x34 of/,
    ],
    [
      'JPEG 2000 of another size',
      /header says 40x17 gray pixels of 16 bits, its compressed image has 40x34 of/,
    ],
    [
      'colours in the compressed image',
      /header says 40x34 gray pixels .* has 40x34 of 3 channel\(s\) and 8 bits/,
    ],
  ] as const)('refuses a file with %s', async (name, problem) => {
    expect((await problemOf(bytesOf(reference.refused[name]))).message).toMatch(problem);
  });

  it.each(reference.cases)('refuses $name cut short, without a word about the patient', async ({ file }) => {
    const whole = bytesOf(file);
    const error = await problemOf(whole.subarray(0, Math.floor(whole.length * 0.9)));
    expect(error.message).toMatch(/truncated|corrupt/);
    const { cause, stack, ...fields } = error;
    expect(JSON.stringify([error.message, cause, stack, fields])).not.toMatch(/secret/i);
  });

  it.each(reference.cases.filter(({ name }) => /JPEG|RLE/.test(name)))(
    'does not crash on $name with damaged pixels, and decodes the next file',
    async ({ file }) => {
      const damaged = bytesOf(file);
      damaged.fill(0xa5, damaged.length - 200, damaged.length - 8);
      await decodeDicom(damaged).catch((error: unknown) => expect(error).toBeInstanceOf(FileError));
      expect((await decodeDicom(fixture('JPEG 2000 lossless'))).width).toBe(reference.width);
    },
  );

  it('refuses what is no DICOM file', async () => {
    expect((await problemOf(new Uint8Array(200))).message).toBe('scan.dcm: is not a DICOM file.');
    expect(isDicom(new Uint8Array(10))).toBe(false);
    expect(isDicom(fixture('deflated').subarray(0, 132))).toBe(true);
  });
});

describe('readDicomFacts', () => {
  it.each([
    'explicit little endian, window',
    'implicit little endian, MONOCHROME1',
    'deflated',
    'big endian',
  ])('reads patient and view of %s', (name) => {
    expect(readDicomFacts(fixture(name))).toEqual({
      patientId: 'secret-4711',
      view: 'PA',
      modality: 'DX',
      bodyPart: undefined,
    });
  });
});

describe('readDicomFacts of a broken file', () => {
  it('refuses a view that is longer than the file', () => {
    const bytes = fixture('explicit little endian, window');
    const view = Buffer.from(bytes.buffer).indexOf(Buffer.from([0x18, 0x00, 0x01, 0x51]));
    new DataView(bytes.buffer).setUint16(view + 6, 0xfffe, true);
    expect(() => readDicomFacts(bytes, 'scan.dcm')).toThrow(FileError);
  });
});

describe.skipIf(isMissing)('real DICOM files', () => {
  const read = async (name: string) => new Uint8Array(await readFile(join(REAL, name)));

  it.each([
    ['RG1_J2KI.dcm', 1955, 1841, 'PA'],
    ['RG2_JPLY.dcm', 2140, 1760, undefined],
    ['RG3_JPLY.dcm', 1760, 1760, 'AP'],
    ['nih_11129_covid0000.dcm', 1024, 1024, undefined],
  ])('decodes %s', async (name, height, width, view) => {
    const bytes = await read(name);
    const image = await decodeDicom(bytes, { name });
    expect(image).toMatchObject({ height, width, channels: 1 });
    expect(readDicomFacts(bytes).view).toBe(view);
    // Air and collimator edges are black after the inversion of MONOCHROME1, the middle of the body is not.
    const { pixels } = toEightBit(image);
    const sorted = Uint8Array.from(pixels).sort();
    expect(
      sorted[Math.floor(sorted.length * 0.99)]! - sorted[Math.floor(sorted.length * 0.01)]!,
    ).toBeGreaterThan(90);
  });

  it.each(['pydicom_MR_truncated.dcm', 'html_page_saved_as_test1.dcm'])('refuses %s', async (name) => {
    expect((await problemOf(await read(name))).message).toMatch(/truncated|not a DICOM file/);
  });
});
