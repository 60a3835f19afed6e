import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NORMAL_PNEUMONIA as classList, FileError } from 'xray-core';
import reference from '../__fixtures__/dicom-reference.json' with { type: 'json' };
import { realData } from '../__fixtures__/real-data.js';
import { columnMapping } from '../manifest/column-mapping.js';
import { chexpertMapping } from '../manifest/mappings/chexpert.js';
import { nihMapping } from '../manifest/mappings/nih.js';
import { indexManifestFile } from './index-manifest-file.js';

const nih = realData('nih');
const mapping = columnMapping({ image: 'file', finding: 'label' });

/** A DICOM file of the references with another Patient ID. */
function dicomOf(patient: string): Uint8Array {
  const bytes = Buffer.from(reference.cases[0]!.file, 'base64');
  const tag = bytes.indexOf(Buffer.from([0x10, 0, 0x20, 0, 0x4c, 0x4f])); // (0010,0020) LO, then length and text
  const length = bytes.readUInt16LE(tag + 6);
  bytes.write(patient.padEnd(length), tag + 8, length, 'latin1');
  return bytes;
}

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

  it.each([
    ['composed', 'decomposed'],
    ['decomposed', 'composed'],
  ] as const)('finds files whose names are %s in the table and %s on disk', async (inTable, onDisk) => {
    const form = { composed: 'Caf\u00e9-M\u00fcller', decomposed: 'Cafe\u0301-Mu\u0308ller' };
    const images = join(folder, `unicode-${onDisk}`);
    await mkdir(join(images, form[onDisk]), { recursive: true });
    await writeFile(join(images, form[onDisk], `${form[onDisk]}.png`), 'x');
    const csv = join(images, 'list.csv');
    await writeFile(csv, `file,label\n${form[inTable]}/${form[inTable]}.png,Normal\n`);
    const { samples } = await indexManifestFile(csv, { folder: images, mapping, classList });
    await expect(access(samples[0]!.source)).resolves.toBeUndefined();
  });

  it('takes patients of DICOM files from their tags, where the table names none', async () => {
    const scans = join(folder, 'dicom');
    await mkdir(scans);
    const row = ['0001', '0002', '0003'].map((name) => `${name}.dcm`);
    for (const [at, name] of row.entries()) await writeFile(join(scans, name), dicomOf(at < 2 ? 'P1' : ''));
    const csv = join(scans, 'labels.csv');
    await writeFile(csv, `file,label,who\n${row.map((name) => `${name},Normal,me`).join('\n')}\n`);
    const { samples } = await indexManifestFile(csv, { folder: scans, mapping, classList });
    expect(samples.map(({ isPatientUnknown = false }) => isPatientUnknown)).toEqual([false, false, true]);
    expect(samples[0]!.patientId).toMatch(/^dicom-[0-9a-f]{16}$/);
    expect(samples[1]!.patientId).toBe(samples[0]!.patientId);
    const named = columnMapping({ image: 'file', finding: 'label', patientId: 'who' });
    expect((await indexManifestFile(csv, { folder: scans, mapping: named })).patientCount).toBe(1);
    const hidden = { ...mapping, hasNoPatients: true };
    const nobody = await indexManifestFile(csv, { folder: scans, mapping: hidden });
    expect(nobody.samples.every(({ isPatientUnknown }) => isPatientUnknown)).toBe(true);
  });

  it('joins tables of several sides', async () => {
    const other = join(folder, 'other.csv.gz');
    await writeFile(other, gzipSync('file,label\nc.jpg,Normal\n'));
    const index = await indexManifestFile([table, other], {
      folder: join(folder, 'images'),
      mapping,
      classList,
    });
    expect(index.samples.map(({ id }) => id)).toEqual(['a.png', 'c.jpg', 'deep/b.PNG']);
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
