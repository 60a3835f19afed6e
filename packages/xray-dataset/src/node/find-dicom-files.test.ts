import { mkdir, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import exports from '../__fixtures__/dicom-exports.json' with { type: 'json' };
import reference from '../__fixtures__/dicom-reference.json' with { type: 'json' };
import { decodeImageFile } from './decode-image-file.js';
import { findDicomFiles } from './find-dicom-files.js';
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

describe('DICOM files of an export', () => {
  const fileOf = (name: string) =>
    Buffer.from(exports.cases.find((entry) => entry.name === name)!.file, 'base64');

  it('are found without a preamble, the DICOMDIR of the medium is not', async () => {
    const medium = await mkdtemp(join(tmpdir(), 'xray-medium-'));
    try {
      const names = ['without preamble', 'elements only, implicit', 'elements only, explicit', 'IDENTITY'];
      for (const [place, name] of names.entries()) await writeFile(join(medium, `IM${place}`), fileOf(name));
      await writeFile(join(medium, 'DICOMDIR'), Buffer.from(exports.refused.DICOMDIR, 'base64'));
      await writeFile(join(medium, 'LOCKFILE'), '');
      await writeFile(join(medium, 'VERSION'), 'export 1.0');
      const found = await findDicomFiles(medium, await readdir(medium));
      expect([...found.keys()].sort()).toEqual(['IM0', 'IM1', 'IM2', 'IM3']);
      expect(new Set([...found.values()].map(({ patientId }) => patientId)).size).toBe(1);
      expect(found.get('IM1')).toMatchObject({ view: 'PA' });
    } finally {
      await rm(medium, { recursive: true });
    }
  });

  it('are taken by the views that they state, in a folder of classes', async () => {
    const classes = await mkdtemp(join(tmpdir(), 'xray-views-'));
    try {
      const whole = fileOf('IDENTITY');
      const at = whole.indexOf('PA', whole.indexOf(Buffer.from([0x18, 0x00, 0x01, 0x51])));
      const lateral = Buffer.from(whole);
      lateral.write('LL', at, 'latin1');
      await Promise.all(['NORMAL', 'PNEUMONIA'].map((name) => mkdir(join(classes, name))));
      await writeFile(join(classes, 'NORMAL/a.dcm'), whole);
      await writeFile(join(classes, 'NORMAL/b.dcm'), lateral);
      await writeFile(join(classes, 'PNEUMONIA/c.dcm'), whole);
      const { samples, leftOut, findings } = await indexFolder(classes, { views: ['pa', 'AP'] });
      expect(samples.map(({ id }) => id)).toEqual(['NORMAL/a.dcm', 'PNEUMONIA/c.dcm']);
      expect(leftOut).toEqual([{ path: 'NORMAL/b.dcm', reason: 'view' }]);
      expect(findings).toEqual({ normal: 1, pneumonia: 1 });
      await expect(indexFolder(classes, { views: ['AP'] })).rejects.toThrow(
        /`views` must be among those that the DICOM files of .* state: LL, PA\. Received: \["AP"\]/,
      );
    } finally {
      await rm(classes, { recursive: true });
    }
  });

  it('are read up to what is asked of them: files of 3 GB, and long elements in front of it', async () => {
    const whole = fileOf('IDENTITY');
    const name = whole.indexOf(Buffer.from([0x10, 0x00, 0x10, 0x00, 0x50, 0x4e])); // (0010,0010) PN
    const long = Buffer.concat([Buffer.from('090002104f420000a0860100', 'hex'), Buffer.alloc(100_000, 7)]);
    await writeFile(
      join(folder, 'large'),
      Buffer.concat([whole.subarray(0, name), long, whole.subarray(name)]),
    );
    await truncate(join(folder, 'large'), 3 * 2 ** 30); // no disk is taken, but Node cannot read it into memory
    try {
      const found = await findDicomFiles(folder, ['large', 'normal/1.2.840.1']);
      expect(found.get('large')).toEqual(found.get('normal/1.2.840.1'));
      expect(found.get('large')!.patientId).toMatch(/^dicom-/);
    } finally {
      await rm(join(folder, 'large'));
    }
  });
});
