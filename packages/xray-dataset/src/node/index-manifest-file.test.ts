import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NORMAL_PNEUMONIA as classList, FileError } from 'xray-core';
import { realData } from '../__fixtures__/real-data.js';
import { chexpertMapping, columnMapping, nihMapping } from '../manifest/manifest-mapping.js';
import { indexManifestFile } from './index-manifest-file.js';

const nih = realData('nih');
const mapping = columnMapping({ image: 'file', finding: 'label' });

let folder: string;
let table: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xray-manifest-'));
  table = join(folder, 'list.csv');
  await writeFile(table, 'file,label\na.png,Normal\ndeep/b.PNG,Pneumonia\n');
  await mkdir(join(folder, 'images', 'deep'), { recursive: true });
  await mkdir(join(folder, '.hidden'));
  for (const file of ['images/a.png', 'images/deep/b.PNG', 'images/c.jpg', '.hidden/d.png', 'notes.txt'])
    await writeFile(join(folder, file), 'x');
});
afterAll(() => rm(folder, { recursive: true }));

describe('indexManifestFile', () => {
  it('joins a table and the images below a folder', async () => {
    const index = await indexManifestFile(table, { folder, mapping, classList });
    expect(index.samples.map(({ id, source, finding }) => [id, source, finding])).toEqual([
      ['images/a.png', join(folder, 'images/a.png'), 'normal'],
      ['images/deep/b.PNG', join(folder, 'images/deep/b.PNG'), 'pneumonia'],
    ]);
    expect(index.unlisted).toEqual(['images/c.jpg']);
  });

  it('names a table that is not there', async () => {
    const missing = indexManifestFile(join(folder, 'no.csv'), { folder, mapping, classList });
    await expect(missing).rejects.toThrow(/no\.csv: does not exist, expected a CSV table/);
    await expect(missing).rejects.toThrow(FileError);
  });

  it('keeps all findings without a class list', async () => {
    const study = join(folder, 'chexpert', 'train', 'patient1', 'study1');
    await mkdir(study, { recursive: true });
    for (const image of ['a.jpg', 'b.jpg', 'c.jpg']) await writeFile(join(study, image), 'x');
    const csv = join(folder, 'chexpert', 'train.csv');
    const row = (image: string, ...values: string[]) =>
      `CheXpert-v1.0/train/patient1/study1/${image},Frontal,AP,${values.join(',')}`;
    await writeFile(
      csv,
      [
        'Path,Frontal/Lateral,AP/PA,No Finding,Pneumonia,Edema',
        row('a.jpg', '', '1', '1'),
        row('b.jpg', '', '-1', '1'),
        row('c.jpg', '', '', ''),
      ].join('\n'),
    );
    const findings = async (uncertain: 'positive' | 'negative' | 'exclude') => {
      const options = { folder: join(folder, 'chexpert'), mapping: chexpertMapping({ uncertain }) };
      const index = await indexManifestFile(csv, options);
      return index.samples.map(({ finding }) => finding);
    };
    expect(await findings('positive')).toEqual(['edema|pneumonia', 'edema|pneumonia', 'unlabelled']);
    expect(await findings('negative')).toEqual(['edema|pneumonia', 'edema', 'unlabelled']);
    expect(await findings('exclude')).toEqual(['edema|pneumonia', 'unlabelled']);
  });

  it.skipIf(nih.isMissing)('reads real NIH rows', async () => {
    const index = await indexManifestFile(join(nih.folder, 'nih_labels.csv'), {
      folder: nih.folder,
      mapping: nihMapping(),
    });
    expect(index.findings).toEqual({ cardiomegaly: 1, normal: 1 });
    expect(index.patientCount).toBe(2);
  });
});
