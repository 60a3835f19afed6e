import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileError, NORMAL_BACTERIAL_VIRAL } from 'xray-core';
import { realData } from '../__fixtures__/real-data.js';
import { DatasetLayoutError } from '../errors.js';
import { splitAtRandom, splitByPatient } from '../split/split-samples.js';
import type { Splits } from '../split/splits.js';
import { indexFolder } from './index-folder.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xray-index-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function touch(path: string): Promise<void> {
  await mkdir(join(folder, path, '..'), { recursive: true });
  await writeFile(join(folder, path), 'x');
}

describe('indexFolder', () => {
  it('gives relative ids and absolute sources', async () => {
    await touch('train/NORMAL/IM-0115-0001.jpeg');
    await touch('train/PNEUMONIA/person1_virus_6.jpeg');
    await touch('readme.txt');
    const index = await indexFolder(folder);
    expect(index.samples.map(({ id }) => id)).toEqual([
      'train/NORMAL/IM-0115-0001.jpeg',
      'train/PNEUMONIA/person1_virus_6.jpeg',
    ]);
    expect(index.samples[0]!.source).toBe(join(folder, 'train/NORMAL/IM-0115-0001.jpeg'));
    expect(isAbsolute(index.samples[0]!.source)).toBe(true);
    expect(index.leftOut).toEqual([{ path: 'readme.txt', reason: 'no-image' }]);
  });

  it('follows links, but not in circles', async () => {
    await touch('elsewhere/a.png');
    await touch('data/normal/b.png');
    await symlink(join(folder, 'elsewhere'), join(folder, 'data/pneumonia'));
    await symlink(join(folder, 'elsewhere/a.png'), join(folder, 'data/normal/a.png'));
    await symlink(join(folder, 'data'), join(folder, 'data/normal/up'));
    const index = await indexFolder(join(folder, 'data'));
    expect(index.samples.map(({ id }) => id)).toEqual(['normal/a.png', 'normal/b.png', 'pneumonia/a.png']);
  });

  it('notices empty class folders', async () => {
    await touch('train/NORMAL/a.png');
    await mkdir(join(folder, 'train/PNEUMONIA'));
    const error = await indexFolder(folder).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DatasetLayoutError);
    expect((error as Error).message).toContain(`${folder}: its class folder train/PNEUMONIA holds no images`);
  });

  it.skipIf(process.getuid?.() === 0)('names a folder inside that cannot be read', async () => {
    await touch('NORMAL/a.png');
    await touch('PNEUMONIA/b.png');
    await chmod(join(folder, 'PNEUMONIA'), 0o000); // root reads it all the same
    await expect(indexFolder(folder)).rejects.toThrow(
      /PNEUMONIA: could not be read \(EACCES\)\. Make it readable/,
    );
    await chmod(join(folder, 'PNEUMONIA'), 0o700);
  });

  it('says what is wrong with a folder that cannot be used', async () => {
    await expect(indexFolder(join(folder, 'none'))).rejects.toThrow(
      /none: does not exist, expected a dataset folder/,
    );
    await expect(indexFolder(folder)).rejects.toThrow(/is empty, expected folders with images/);
    await touch('data.zip');
    await expect(indexFolder(join(folder, 'data.zip'))).rejects.toThrow(
      /is an archive, expected the folder that it unpacks to\. Unpack it and pass the folder\..*`npx xray-cli download`/,
    );
    await expect(indexFolder(join(folder, 'data.zip'))).rejects.toThrow(FileError);
  });
});

const { folder: REAL, isMissing } = realData('chest_xray_224');

describe.skipIf(isMissing)('indexFolder on the real Kaggle train split', () => {
  it('finds the published numbers of images and patients', async () => {
    const index = await indexFolder(REAL);
    expect(index.layout).toBe('kaggle');
    expect(index.findings).toEqual({ normal: 1341, bacterial: 2530, viral: 1345 });
    const patients = (finding: string) =>
      new Set(index.samples.filter((sample) => sample.finding === finding).map(({ patientId }) => patientId))
        .size;
    // Counted from the file names with a separate script.
    expect([patients('normal'), patients('bacterial'), patients('viral')]).toEqual([1211, 1353, 1090]);
    expect(index.patientCount).toBe(3654);
  });

  const sharedShare = ({ train, validation }: Splits) => {
    const patients = new Set(train.map(({ patientId }) => patientId));
    return validation.filter(({ patientId }) => patients.has(patientId)).length / validation.length;
  };
  const meanOverSeeds = (share: (seed: number) => number) => {
    const seeds = Array.from({ length: 10 }, (_, seed) => seed);
    return seeds.reduce((sum, seed) => sum + share(seed), 0) / seeds.length;
  };

  it('shares 39.6 % of the validation images by a random split, as the reference study does', async () => {
    const { samples } = await indexFolder(REAL);
    const share = meanOverSeeds((seed) =>
      sharedShare(splitAtRandom(samples, { classList: NORMAL_BACTERIAL_VIRAL, seed })),
    );
    expect(share).toBeGreaterThan(0.386);
    expect(share).toBeLessThan(0.406);
  });

  it('shares nothing by a split of patients', async () => {
    const { samples } = await indexFolder(REAL);
    const splits = splitByPatient(samples, { classList: NORMAL_BACTERIAL_VIRAL, seed: 7 });
    expect(sharedShare(splits)).toBe(0);
    expect(Math.abs(splits.validation.length - 0.2 * samples.length)).toBeLessThan(3);
  });
});
