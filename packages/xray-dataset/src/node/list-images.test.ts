import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { realData } from '../__fixtures__/real-data.js';
import { listImages } from './list-images.js';

const dicom = realData('dicom');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xray-list-'));
  await mkdir(join(folder, 'images', 'deep'), { recursive: true });
  await mkdir(join(folder, 'images', '.hidden'));
  for (const file of ['a.png', 'deep/b.PNG', 'c.jpg', '.hidden/d.png', 'notes.txt'])
    await writeFile(join(folder, 'images', file), 'x');
});
afterAll(() => rm(folder, { recursive: true }));

describe('listImages', () => {
  it('finds images at any depth, labelled or not', async () => {
    expect(await listImages(folder)).toEqual(
      ['images/a.png', 'images/c.jpg', 'images/deep/b.PNG'].map((id) => ({
        id,
        source: join(folder, id),
        finding: 'unlabelled',
        patientId: id,
        isPatientUnknown: true,
      })),
    );
  });

  it('says so where there are none', async () => {
    await mkdir(join(folder, 'texts'));
    await writeFile(join(folder, 'texts', 'a.txt'), 'x');
    await expect(listImages(join(folder, 'texts'))).rejects.toThrow(/texts: holds no images, expected jpg/);
  });

  it.skipIf(dicom.isMissing)('takes the patient of DICOM files from their tags, hashed', async () => {
    const images = await listImages(dicom.folder);
    expect(images).toHaveLength(6);
    expect(images.find(({ id }) => id === 'RG1_J2KI.dcm')!.patientId).toMatch(/^dicom-[0-9a-f]{16}$/);
  });
});
