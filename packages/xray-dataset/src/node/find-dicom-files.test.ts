import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import reference from '../__fixtures__/dicom-reference.json' with { type: 'json' };
import { decodeImageFile } from './decode-image-file.js';
import { indexFolder } from './index-folder.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xray-dicom-'));
  const dicom = Buffer.from(reference.cases[0]!.file, 'base64');
  for (const path of ['normal/1.2.840.1', 'pneumonia/scan.dcm']) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), dicom);
  }
  await writeFile(join(folder, 'normal/notes'), 'no image');
});
afterAll(() => rm(folder, { recursive: true }));

describe('DICOM files in a folder', () => {
  it('are found by content, with one hashed patient', async () => {
    const { samples, patientCount, leftOut } = await indexFolder(folder);
    expect(samples.map(({ id }) => id)).toEqual(['normal/1.2.840.1', 'pneumonia/scan.dcm']);
    expect(patientCount).toBe(1);
    expect(samples[0]!.patientId).toMatch(/^dicom-[0-9a-f]{16}$/);
    expect(leftOut).toEqual([{ path: 'normal/notes', reason: 'no-image' }]);
  });

  it('are decoded as files', async () => {
    const image = await decodeImageFile(join(folder, 'normal/1.2.840.1'));
    expect(image).toMatchObject({ height: reference.height, width: reference.width, channels: 1 });
    expect(image.pixels).toBeInstanceOf(Uint16Array);
  });
});
