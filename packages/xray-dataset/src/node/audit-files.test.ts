import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { realData } from '../__fixtures__/real-data.js';
import { auditDataset } from '../audit/audit-dataset.js';
import { drawSyntheticXray } from '../synthetic/draw-synthetic-xray.js';
import { indexFolder } from './index-folder.js';
import { listImages } from './list-images.js';
import { openImageFile } from './open-image-file.js';

const chest = realData('chest_xray_224');
const hashes = realData('chest_xray_224.sha256');
const dicom = realData('dicom');

let folder: string;
const write = async (file: string, bytes: Uint8Array) => {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), bytes);
};

/** One chest, and copies of it in every manner. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xray-audit-'));
  const { pixels, height, width } = drawSyntheticXray({ finding: 'viral', seed: 1, height: 200, width: 180 });
  const image = () => sharp(pixels, { raw: { height, width, channels: 1 } });
  const jpeg = await image().jpeg({ quality: 92 }).toBuffer();
  await write('train/NORMAL/a.jpeg', jpeg);
  await write('train/NORMAL/b.jpeg', await sharp(jpeg).jpeg({ quality: 30 }).toBuffer());
  await write('train/NORMAL/c.png', await sharp(jpeg).toColourspace('b-w').png().toBuffer());
  await write('train/NORMAL/d.jpeg', await sharp(jpeg).resize(90, 100).jpeg({ quality: 80 }).toBuffer());
  await write('train/NORMAL/mirrored.png', await sharp(jpeg).flop().png().toBuffer());
  await write('test/PNEUMONIA/a.jpeg', jpeg);
  await write('test/PNEUMONIA/broken.jpeg', jpeg.subarray(0, 900));
  await write('test/PNEUMONIA/empty.jpeg', new Uint8Array());
  await write('test/PNEUMONIA/broken-too.jpeg', jpeg.subarray(0, 900));
});
afterAll(() => rm(folder, { recursive: true }));

describe('auditDataset on files', () => {
  it('finds copies by bytes, by pixels and by looks, across sides and classes', async () => {
    const { samples } = await indexFolder(folder);
    const found = await auditDataset(samples, { open: openImageFile });
    const across = ['splits', 'classes']; // these names say nothing of patients
    expect(found.exactDuplicates).toEqual([
      { ids: ['test/PNEUMONIA/a.jpeg', 'train/NORMAL/a.jpeg', 'train/NORMAL/c.png'], same: 'pixels', across },
      {
        ids: ['test/PNEUMONIA/broken-too.jpeg', 'test/PNEUMONIA/broken.jpeg'],
        ...{ same: 'bytes', across: [] },
      },
    ]);
    expect(found.nearDuplicates).toEqual([
      {
        ids: [
          'test/PNEUMONIA/a.jpeg',
          'train/NORMAL/a.jpeg',
          'train/NORMAL/b.jpeg',
          'train/NORMAL/c.png',
          'train/NORMAL/d.jpeg',
        ],
        distance: expect.any(Number),
        correlation: expect.any(Number),
        across,
      },
    ]);
    expect(found.unreadable.map(({ id }) => id)).toEqual([
      'test/PNEUMONIA/broken-too.jpeg',
      'test/PNEUMONIA/broken.jpeg',
      'test/PNEUMONIA/empty.jpeg',
    ]);
    expect(found.unreadable[2]!.reason).toBe('is empty');
  });

  it.skipIf(dicom.isMissing)('reads DICOM files, and lists broken ones', async () => {
    const found = await auditDataset(await listImages(dicom.folder), { open: openImageFile });
    expect(found.unreadable.map(({ id }) => id)).toEqual([
      'html_page_saved_as_test1.dcm',
      'pydicom_MR_truncated.dcm',
    ]);
    expect(found.sizes?.different).toBe(4);
    expect(found.doubtful?.map(({ id, text }) => `${id} ${text.split(' ').at(-1)}`)).toEqual([
      'RG2_JPLY.dcm HIP',
      'RG3_JPLY.dcm EXTREMITY',
    ]);
  });

  it.skipIf(chest.isMissing || hashes.isMissing)(
    'finds the exact duplicates of the Kaggle train set that the list of checksums has',
    { timeout: 120_000 },
    async () => {
      const groups = new Map<string, string[]>();
      for (const line of readFileSync(hashes.folder, 'utf8').trim().split('\n')) {
        const [hash, id] = line.split(/ +/) as [string, string];
        groups.set(hash, [...(groups.get(hash) ?? []), id]);
      }
      const expected = [...groups.values()].filter((ids) => ids.length > 1).map((ids) => ids.sort());
      const { samples } = await indexFolder(chest.folder);
      // A tenth of the other images: all of them take half a minute.
      const copied = new Set(expected.flat());
      const some = samples.filter(({ id }, index) => copied.has(id) || index % 10 === 0);
      const found = await auditDataset(some, { open: openImageFile });
      expect(found.exactDuplicates.map(({ ids, same }) => [same, ...ids])).toEqual(
        expected.map((ids) => ['bytes', ...ids]).sort(([, left], [, right]) => (left! < right! ? -1 : 1)),
      );
      expect(expected).toHaveLength(24);
      expect(found.nearDuplicates).toEqual([]);
      expect(found.suspicious.filter(({ kind }) => kind !== 'flatBorder')).toEqual([]);
    },
  );
});
