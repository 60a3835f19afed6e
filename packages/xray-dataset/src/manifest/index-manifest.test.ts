import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NORMAL_PNEUMONIA as classList, classListOf, FileError, type ProgressEvent } from 'xray-core';
import { realData } from '../__fixtures__/real-data.js';
import { columnMapping } from './column-mapping.js';
import { indexManifest, type ManifestIndex } from './index-manifest.js';
import type { ManifestEntry } from './manifest-mapping.js';
import { nihMapping } from './mappings/nih.js';
import type { ManifestRow } from './read-table.js';

const { folder: NIH, isMissing } = realData('nih');
const mapping = columnMapping({ image: 'file', finding: 'label', patientId: 'patient' });
const files = ['images/a.png', 'images/b.png'];
const viewed = (row: ManifestRow): ManifestEntry => ({ ...mapping.read(row), view: 'AP' });
const TABLE = 'file,label,patient\na.png,Normal,7\nb.png,Pneumonia,8\n';

describe('indexManifest', () => {
  it('reads any columns', () => {
    const index = indexManifest(TABLE, { mapping, classList, files });
    expect(index.samples).toEqual([
      { id: 'images/a.png', source: 'images/a.png', finding: 'normal', patientId: '7' },
      { id: 'images/b.png', source: 'images/b.png', finding: 'pneumonia', patientId: '8' },
    ]);
    expect(index).toMatchObject({
      skipped: [],
      unlisted: [],
      findings: { normal: 1, pneumonia: 1 },
      patientCount: 2,
    });
  });

  it.each([
    ['a byte order mark', `\uFEFF${TABLE}`],
    ['CRLF', TABLE.replaceAll('\n', '\r\n')],
    ['CRLF in the header only', TABLE.replace('\n', '\r\n')],
    ['CR, as old Macs had', TABLE.replaceAll('\n', '\r')],
    ['the first line of Excel', `sep=;\r\n${TABLE.replaceAll(',', ';')}`],
    [
      'semicolons with commas in cells',
      TABLE.replaceAll(',', ';')
        .replace('patient\n', 'patient;note\n')
        .replaceAll(/;(\d)\n/g, ';$1;"a, b, c, d"\n'),
    ],
    ['blank cells at the ends of rows', TABLE.replaceAll('\n', ',,\n')],
    ['Windows paths', TABLE.replaceAll(/(\w)\.png/g, 'C:\\scans\\images\\$1.png')],
    ['absolute paths of another machine', TABLE.replaceAll(/(\w)\.png/g, '/home/b/images/$1.png')],
    ['semicolons', TABLE.replaceAll(',', ';')],
    ['tabs', TABLE.replaceAll(',', '\t')],
    ['quotes and blank lines', `${TABLE.replace('a.png', '"a.png"')}\n\n`],
  ])('takes %s', (_, text) => {
    expect(indexManifest(text, { mapping, classList, files }).samples).toEqual(
      indexManifest(TABLE, { mapping, classList, files }).samples,
    );
  });

  it.each([
    ['nothing', '', /^list\.csv: is empty/],
    ['a header alone', 'file,label,patient\n', /has no rows/],
    ['missing columns', 'file,class\na.png,x\n', /lacks the columns label, patient; it has: file, class/],
    [
      'another separator',
      TABLE.replaceAll(',', '#'),
      /it has: file#label#patient\. Columns must be separated/,
    ],
    [
      'a column twice',
      TABLE.replace('patient', 'label,patient').replaceAll('7', '7,1'),
      /two columns named label/,
    ],
    ['a short row', `${TABLE}a.png\n`, /has 1 cells in row 4, expected 3/],
    ['a long row', `${TABLE}a.png,b,c,d\n`, /has 4 cells in row 4, expected 3/],
    ['an image twice', `${TABLE}a.png,Normal,7\n`, /row 4 tells of a\.png again, as row 2 does/],
    [
      'a file by two names',
      `${TABLE}images/a.png,Normal,7\n`,
      /row 4 tells of images\/a\.png again, as row 2/,
    ],
    ['a blank patient', `${TABLE}c.png,Normal,\n`, /row 4 names no patient/],
    [
      'a missing file',
      `${TABLE}c.png,Normal,7\n`,
      /1 of its images name no file that is there\. First: c\.png \(row 4\)/,
    ],
    [
      'an unknown finding',
      TABLE.replace('Normal', 'Mass'),
      /class list \(normal, .*table has: mass, pneumonia.*a\.png \(row 2\)/,
    ],
    ['an open quote', TABLE.replace('a.png', '"a.png'), /has a quote that does not end/],
  ])('says what is wrong with %s', (_, text, problem) => {
    const index = () => indexManifest(text, { mapping, classList, files, name: 'list.csv' });
    expect(index).toThrow(problem);
    expect(index).toThrow(FileError);
  });

  it('reports what it skips, and files that no row tells of', () => {
    const text = `${TABLE}c.png,Normal,7\nd.png,Mass,9\n`;
    const index = indexManifest(text, {
      mapping,
      classList,
      files: [...files, 'd.png', 'z.png'],
      onUnknownFinding: 'skip',
      onMissingFile: 'skip',
    });
    expect(index.samples).toHaveLength(2);
    expect(index.skipped).toEqual([
      { image: 'c.png', table: 'manifest', line: 4, reason: 'missing-file' },
      { image: 'd.png', table: 'manifest', line: 5, reason: 'unknown-finding' },
    ]);
    expect(index.unlisted).toEqual(['z.png']);
  });

  it('refuses a name that fits several files', () => {
    expect(() => indexManifest(TABLE, { mapping, classList, files: [...files, 'copy/a.png'] })).toThrow(
      /row 2 fits several files: images\/a\.png, copy\/a\.png/,
    );
  });

  it('takes the patient from names of known datasets, and says of whom nothing is known', () => {
    const text = [
      'file,label',
      'person12_bacteria_46.jpeg,pneumonia',
      'person12_bacteria_47.jpeg,pneumonia',
      'IM-0115-0001.jpeg,normal',
      'NORMAL2-IM-0115-0001.jpeg,normal',
      'BACTERIA-1008087-0001.jpeg,pneumonia',
      'scan7.png,normal',
    ].join('\n');
    const files = text
      .split('\n')
      .slice(1)
      .map((row) => `images/${row.split(',')[0]}`);
    const options = { mapping: columnMapping({ image: 'file', finding: 'label' }), classList, files };
    const patients = (index: ManifestIndex) =>
      Object.fromEntries(
        index.samples.map(({ id, patientId, isPatientUnknown }) => [id, isPatientUnknown ? null : patientId]),
      );
    expect(patients(indexManifest(text, options))).toEqual({
      'images/person12_bacteria_46.jpeg': 'bacterial-12',
      'images/person12_bacteria_47.jpeg': 'bacterial-12',
      'images/IM-0115-0001.jpeg': 'normal-115',
      'images/NORMAL2-IM-0115-0001.jpeg': 'normal2-115',
      'images/BACTERIA-1008087-0001.jpeg': 'bacterial-1008087',
      'images/scan7.png': null,
    });
    const patientIdOf = (file: string) => (file.endsWith('scan7.png') ? 'seven' : undefined);
    expect(patients(indexManifest(text, { ...options, patientIdOf }))).toMatchObject({
      'images/scan7.png': 'seven',
      'images/IM-0115-0001.jpeg': 'normal-115',
    });
    const hasNoPatients = { ...options.mapping, hasNoPatients: true };
    const without = patients(indexManifest(text, { ...options, mapping: hasNoPatients, patientIdOf }));
    expect(new Set(Object.values(without))).toEqual(new Set([null]));
  });

  it.each([
    ['ANONYMOUS', /list\.csv: names one patient, ANONYMOUS, for all of its 2 images/],
    ['NaN', /list\.csv: row 2 names no patient \(NaN\), and no other row does/],
    ['None', /row 2 names no patient \(None\)/],
    ['', /row 2 names no patient, and no other row does/],
  ])('refuses `%s` as the patient of all', (patient, problem) => {
    const text = `file,label,patient\na.png,Normal,${patient}\nb.png,Pneumonia,${patient}\n`;
    expect(() => indexManifest(text, { mapping, classList, files, name: 'list.csv' })).toThrow(problem);
  });

  it('takes one patient who has a name, as a table of one patient is none', () => {
    const text = TABLE.replace(',8', ',7');
    expect(indexManifest(text, { mapping, classList, files }).patientCount).toBe(1);
  });

  it('leaves out images that are normal and have a finding, which no class list can tell', () => {
    const text = 'file,label\na.png,No Finding|Effusion\nb.png,No Finding\n';
    const listed = columnMapping({ image: 'file', finding: 'label', separator: '|' });
    const options = { mapping: listed, classList, files, onUnknownFinding: 'skip' } as const;
    const index = indexManifest(text, options);
    expect(index.findings).toEqual({ normal: 1 });
    expect(index.skipped).toEqual([{ image: 'a.png', table: 'manifest', line: 2, reason: 'contradiction' }]);
    expect(() => indexManifest(text, { ...options, onUnknownFinding: 'fail' })).toThrow(
      /are normal and have a finding/,
    );
    const beside = { ...listed, besideNormal: ['effusion'] };
    expect(indexManifest(text, { ...options, mapping: beside }).findings).toEqual({ normal: 2 });
    const joined = columnMapping({ image: 'file', finding: 'label' });
    expect(() => indexManifest(text, { ...options, mapping: joined, onUnknownFinding: 'fail' })).toThrow(
      /the table has: no finding\|effusion, normal\. First: a\.png \(row 2\)\. Say what separates findings/,
    );
  });

  it.each(['', 'nan', 'NaN', 'null', 'N/A', ' '])('takes a finding of `%s` for none', (cell) => {
    const text = `file,label,patient\na.png,${cell},7\nb.png,Pneumonia,8\n`;
    expect(() => indexManifest(text, { mapping, classList, files })).toThrow(
      /1 of its images have no finding.*the table has: none, pneumonia\. First: a\.png \(row 2\)/,
    );
    const { skipped } = indexManifest(text, { mapping, classList, files, onUnknownFinding: 'skip' });
    expect(skipped.map(({ image, reason }) => [image, reason])).toEqual([['a.png', 'unknown-finding']]);
    expect(indexManifest(text, { mapping, files }).findings).toEqual({ unlabelled: 1, pneumonia: 1 });
  });

  it('reads several tables, and names the one that is wrong', () => {
    const tables = [
      { name: 'train.csv', text: 'file,label,patient\na.png,Normal,7\n' },
      { name: 'test.csv', text: 'file;label;patient\nb.png;Pneumonia;8\n' },
    ];
    expect(indexManifest(tables, { mapping, classList, files }).samples).toHaveLength(2);
    const twice = [tables[0]!, { name: 'test.csv', text: tables[0]!.text }];
    expect(() => indexManifest(twice, { mapping, classList, files })).toThrow(
      /^test\.csv: row 2 tells of a\.png again, as row 2 of train\.csv does/,
    );
    const missing = [tables[0]!, { name: 'test.csv', text: 'file,label,patient\nc.png,Normal,9\n' }];
    expect(() => indexManifest(missing, { mapping, classList, files })).toThrow(
      /^test\.csv: 1 of its images name no file/,
    );
  });

  it('says which views there are where none is left', () => {
    const options = { mapping: { ...mapping, read: viewed }, classList, files, views: ['frontal'] };
    expect(() => indexManifest(TABLE, options)).toThrow(
      /all 2 images were skipped \(view; its views are AP\)/,
    );
  });

  it('reports progress for large tables only', () => {
    const many = Array.from({ length: 25_000 }, (_, at) => `${at}.png`);
    const text = `file,label\n${many.map((file) => `${file},Normal`).join('\n')}`;
    const events: ProgressEvent[] = [];
    const onProgress = (event: ProgressEvent) => void events.push(event);
    const options = { mapping: columnMapping({ image: 'file', finding: 'label' }), onProgress };
    indexManifest(text, { ...options, files: many });
    const event = (done: number) => ({ type: 'index', done, total: 25_000 });
    expect(events).toEqual([event(10_000), event(20_000), event(25_000)]);
    indexManifest(TABLE, { ...options, files });
    expect(events).toHaveLength(3);
  });

  it.skipIf(isMissing)('reads real rows of the NIH set', async () => {
    const { samples } = indexManifest(await readFile(join(NIH, 'nih_labels.csv'), 'utf8'), {
      mapping: nihMapping(),
      classList: classListOf(['normal', 'cardiomegaly']),
      files: ['00000001_000.png', '00027426_000.png'],
    });
    expect(samples.map(({ finding, patientId }) => [finding, patientId])).toEqual([
      ['cardiomegaly', '1'],
      ['normal', '27426'],
    ]);
  });
});
