import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NORMAL_PNEUMONIA as classList, classListOf, FileError } from 'xray-core';
import { realData } from '../__fixtures__/real-data.js';
import { indexManifest } from './index-manifest.js';
import { chexpertMapping, columnMapping, nihMapping, rsnaMapping } from './manifest-mapping.js';

const { folder: NIH, isMissing } = realData('nih');
const mapping = columnMapping({ image: 'file', finding: 'label', patientId: 'patient' });
const files = ['images/a.png', 'images/b.png'];
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
      { image: 'c.png', line: 4, reason: 'missing-file' },
      { image: 'd.png', line: 5, reason: 'unknown-finding' },
    ]);
    expect(index.unlisted).toEqual(['z.png']);
  });

  it('refuses a name that fits several files', () => {
    expect(() => indexManifest(TABLE, { mapping, classList, files: [...files, 'copy/a.png'] })).toThrow(
      /row 2 fits several files: images\/a\.png, copy\/a\.png/,
    );
  });

  it('reads NIH ChestX-ray14: joined findings, patients and views', () => {
    const text = [
      'Image Index,Finding Labels,Follow-up #,Patient ID,View Position,OriginalImage[Width,Height],',
      '00000001_000.png,Effusion|Pneumonia,0,1,PA,2682,2749,',
      '00000001_001.png,No Finding,1,1,AP,2682,2749,',
      '00000002_000.png,Mass,0,2,PA,2682,2749,',
    ].join('\n');
    const options = {
      mapping: nihMapping(),
      classList,
      files: ['images_001/images/00000001_000.png', 'images_001/images/00000001_001.png', '00000002_000.png'],
      onUnknownFinding: 'skip',
    } as const;
    const { samples, skipped, patientCount } = indexManifest(text, options);
    expect(samples.map(({ finding, patientId }) => [finding, patientId])).toEqual([
      ['pneumonia', '1'],
      ['normal', '1'],
    ]);
    expect(skipped.map(({ reason }) => reason)).toEqual(['unknown-finding']);
    expect(patientCount).toBe(1);
    const frontal = indexManifest(text, { ...options, views: ['PA'] });
    expect(frontal.skipped.map(({ reason }) => reason)).toEqual(['view', 'unknown-finding']);
    const two = { ...options, classList: classListOf(['effusion', 'pneumonia']) };
    expect(() => indexManifest(text, two)).toThrow(/gives no samples: all 3 images.*several-classes/);
  });

  it('joins the rows of one image of the RSNA set', () => {
    const boxes = 'patientId,x,y,width,height,Target\na1,1,2,3,4,1\na1,5,6,7,8,1\nb2,,,,,0\n';
    const options = { mapping: rsnaMapping(), classList, files: ['train/a1.dcm', 'train/b2.dcm'] };
    const { samples } = indexManifest(boxes, options);
    expect(samples.map(({ finding, patientId }) => [finding, patientId])).toEqual([
      ['pneumonia', 'a1'],
      ['normal', 'b2'],
    ]);
    expect(() => indexManifest(`${boxes}b2,1,2,3,4,1\n`, options)).toThrow(
      /row 5 contradicts row 4 about b2/,
    );
    const classes = 'patientId,class\na1,Lung Opacity\nb2,No Lung Opacity / Not Normal\n';
    const detailed = indexManifest(classes, { ...options, onUnknownFinding: 'skip' });
    expect(detailed.findings).toEqual({ pneumonia: 1 });
    expect(detailed.skipped).toEqual([{ image: 'b2', line: 3, reason: 'unknown-finding' }]);
  });

  it.each([
    ['positive', { normal: 1, pneumonia: 2 }, ['unknown-finding']],
    ['negative', { normal: 1, pneumonia: 1 }, ['unknown-finding', 'unknown-finding']],
    ['exclude', { normal: 1, pneumonia: 1 }, ['uncertain', 'unknown-finding']],
  ] as const)('reads CheXpert, uncertain findings as %s', (uncertain, findings, reasons) => {
    const path = (patient: number, view: string) => `patient0000${patient}/study1/view1_${view}.jpg`;
    const text = [
      'Path,Sex,Age,Frontal/Lateral,AP/PA,No Finding,Edema,Pneumonia',
      `CheXpert-v1.0-small/train/${path(1, 'frontal')},M,1,Frontal,AP,1.0,,`,
      `CheXpert-v1.0-small/train/${path(2, 'frontal')},M,1,Frontal,PA,,-1.0,1.0`,
      `CheXpert-v1.0-small/valid/${path(3, 'lateral')},M,1,Lateral,,,,-1.0`,
      `CheXpert-v1.0-small/train/${path(4, 'frontal')},M,1,Frontal,PA,0.0,1.0,0.0`,
    ].join('\n');
    const there = [1, 2, 4].map((patient) => `train/${path(patient, 'frontal')}`);
    const index = indexManifest(text, {
      mapping: chexpertMapping({ uncertain }),
      classList,
      files: [...there, `valid/${path(3, 'lateral')}`],
      onUnknownFinding: 'skip',
    });
    expect(index.findings).toEqual(findings);
    expect(index.skipped.map(({ reason }) => reason)).toEqual(reasons);
    expect(index.samples[0]).toMatchObject({ patientId: 'patient00001', split: 'train' });
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
