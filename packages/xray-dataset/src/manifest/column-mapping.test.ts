import { describe, expect, it } from 'vitest';
import { NORMAL_PNEUMONIA as classList } from 'xray-core';
import { columnMapping, findingColumnsMapping } from './column-mapping.js';
import { indexManifest } from './index-manifest.js';

const files = ['a.png', 'b.png', 'c.png'];
const findingsOf = (text: string, mapping: ReturnType<typeof columnMapping>) =>
  indexManifest(text, { mapping, files }).samples.map(({ finding }) => finding);

describe('columnMapping', () => {
  it.each([
    ['a separator', '|', ['Mass | Edema', 'No Finding', ''], ['mass|edema', 'normal', 'unlabelled']],
    [
      'Python lists',
      undefined,
      [`"['Mass', 'Edema']"`, "['No Finding']", '[]'],
      ['mass|edema', 'normal', 'unlabelled'],
    ],
    [
      'numpy lists',
      undefined,
      [`['Mass' 'Edema']`, '[normal]', '[nan]'],
      ['mass|edema', 'normal', 'unlabelled'],
    ],
    [
      'JSON lists',
      undefined,
      [`"[""Mass"", ""Edema""]"`, 'normal', 'null'],
      ['mass|edema', 'normal', 'unlabelled'],
    ],
    ['commas', ',', ['"Mass, Edema"', 'normal', ','], ['mass|edema', 'normal', 'unlabelled']],
  ])('reads several findings of a cell: %s', (_, separator, cells, expected) => {
    const text = `file;label\n${cells.map((cell, at) => `${files[at]};${cell}`).join('\n')}`;
    const mapping = columnMapping({ image: 'file', finding: 'label', separator });
    expect(findingsOf(text, mapping).map((finding) => finding.split('|').sort().reverse().join('|'))).toEqual(
      expected,
    );
  });

  it('names findings as it is told, also those that look like nothing', () => {
    const mapping = columnMapping({
      image: 'file',
      finding: 'label',
      findings: { '0': 'normal', nan: 'normal', 'No Finding': 'clear' },
    });
    expect(findingsOf('file,label\na.png,0\nb.png,nan\nc.png,No Finding\n', mapping)).toEqual([
      'normal',
      'normal',
      'clear',
    ]);
  });

  it('takes sides from a column', () => {
    const mapping = columnMapping({ image: 'file', finding: 'label', split: 'side' });
    const text = 'file,label,side\na.png,normal,Train\nb.png,normal,val\nc.png,normal,\n';
    expect(indexManifest(text, { mapping, files }).samples.map(({ split }) => split)).toEqual([
      'train',
      'validation',
      undefined,
    ]);
    expect(() => indexManifest(text.replace('val', 'fold1'), { mapping, files })).toThrow(
      'row 3 has "fold1" in the column side. Expected train, val, test or blank.',
    );
  });
});

describe('findingColumnsMapping', () => {
  const columns = ['No Finding', 'Pneumonia', 'Mass'];
  const text = 'file,No Finding,Pneumonia,Mass,who\na.png,1,0,0,x\nb.png,0.0,1.0,-1,y\nc.png,,True,nan,z\n';

  it('reads a column per finding, in many spellings', () => {
    const mapping = findingColumnsMapping({ image: 'file', columns, patientId: 'who' });
    expect(
      indexManifest(text, { mapping, classList, files }).samples.map(({ finding, patientId }) => [
        finding,
        patientId,
      ]),
    ).toEqual([
      ['normal', 'x'],
      ['pneumonia', 'y'],
      ['pneumonia', 'z'],
    ]);
    const massive = { names: ['normal', 'mass'], findings: { normal: 'normal', mass: 'mass' } };
    const options = { classList: massive, files, onUnknownFinding: 'skip' } as const;
    const { skipped } = indexManifest(text, { ...options, mapping });
    expect(skipped.map(({ reason }) => reason)).toEqual(['uncertain', 'unknown-finding']);
    const positive = findingColumnsMapping({ image: 'file', columns, uncertain: 'positive' });
    expect(indexManifest(text, { ...options, mapping: positive }).findings).toEqual({ normal: 1, mass: 1 });
  });

  it('leaves out uncertain images only where the class depends on it', () => {
    const classes = {
      names: ['normal', 'ill'],
      findings: { normal: 'normal', pneumonia: 'ill', mass: 'ill' },
    };
    const mapping = findingColumnsMapping({ image: 'file', columns });
    const { findings, skipped } = indexManifest(text.replace('c.png,,True', 'c.png,1,-1'), {
      mapping,
      classList: classes,
      files,
      onUnknownFinding: 'skip',
    });
    expect(findings).toEqual({ normal: 1, pneumonia: 1 });
    expect(skipped.map(({ image, reason }) => [image, reason])).toEqual([['c.png', 'uncertain']]);
  });

  it('renames columns, and needs all of them', () => {
    const mapping = findingColumnsMapping({ image: 'file', columns, findings: { Mass: 'pneumonia' } });
    expect(findingsOf(text, mapping)).toEqual(['normal', 'pneumonia', 'pneumonia']);
    const other = findingColumnsMapping({ image: 'file', columns: ['Pneumonia', 'Edema'] });
    expect(() => findingsOf(text, other)).toThrow(/lacks the column Edema/);
  });

  it('combines readers', () => {
    const rows = 'file,Pneumonia,No Finding,reader\na.png,1,0,r1\na.png,1,0,r2\na.png,0,1,r3\n';
    const mapping = (readers: 'majority' | 'all') =>
      findingColumnsMapping({
        image: 'file',
        columns: ['Pneumonia', 'No Finding'],
        reader: 'reader',
        readers,
      });
    expect(findingsOf(rows, mapping('majority'))).toEqual(['pneumonia']);
    expect(() => findingsOf(rows, mapping('all'))).toThrow(/all 1 images were skipped \(readers-disagree\)/);
  });
});
