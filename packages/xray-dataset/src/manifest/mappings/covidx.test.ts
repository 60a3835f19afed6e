import { describe, expect, it } from 'vitest';
import { FileError } from 'xray-core';
import { indexManifest } from '../index-manifest.js';
import { covidxMapping } from './covidx.js';

/** Lines of the lists of COVID-Net. */
const TRAIN = `3 SARS-10.1148rg.242035193-g04mr34g0-Fig8a-day0.jpeg pneumonia cohen
3 SARS-10.1148rg.242035193-g04mr34g0-Fig8b-day5.jpeg pneumonia cohen
311a 10.1016-slash-j.crad.2020.04.002-a.png COVID-19 cohen
47c78742-4998-4878-aec4-37b11b1354ac 47c78742-4998-4878-aec4-37b11b1354ac.png normal rsna
`;
const TEST = `SITE2-000265 MIDRC-RICORD-1C-SITE2-000265-99793-1.png positive ricord
8989e25c-a698-48fc-b428-fff56931fc8f 8989e25c-a698-48fc-b428-fff56931fc8f.png negative rsna
`;
/** The first lists had no source. */
const OLD =
  '8 SARS-10.1148rg.242035193-g04mr34g05x-Fig5-day9.jpeg pneumonia\n9 COVID-19 (100).png COVID-19\n';

const classList = {
  names: ['normal', 'pneumonia', 'covid-19'],
  findings: { normal: 'normal', pneumonia: 'pneumonia', 'covid-19': 'covid-19' },
};
const filesOf = (list: string, folder: string) =>
  list
    .trim()
    .split('\n')
    .map(
      (line) => `${folder}/${/^\S+ (.+?) (?:pneumonia|covid-19|normal|positive|negative)/i.exec(line)![1]}`,
    );

describe('covidxMapping', () => {
  it('reads patients, files, classes and sides', () => {
    const { samples } = indexManifest([{ name: 'train_COVIDx9A.txt', text: TRAIN }], {
      ...{ mapping: covidxMapping(), classList, files: filesOf(TRAIN, 'train') },
    });
    expect(
      samples.map(({ id, finding, patientId, split }) => [id.slice(0, 12), finding, patientId, split]),
    ).toEqual([
      ['train/10.101', 'covid-19', '311a', 'train'],
      ['train/47c787', 'normal', '47c78742-4998-4878-aec4-37b11b1354ac', 'train'],
      ['train/SARS-1', 'pneumonia', '3', 'train'],
      ['train/SARS-1', 'pneumonia', '3', 'train'],
    ]);
  });

  it('reads lists of two classes, lists without a source, and names with spaces', () => {
    const tables = [
      { name: 'test.txt', text: TEST },
      { name: 'val.txt', text: OLD.replaceAll('\n', '\r\n') },
    ];
    const files = [...filesOf(TEST, 'test'), ...filesOf(OLD, 'val')];
    const { samples } = indexManifest(tables, { mapping: covidxMapping(), files });
    expect(samples.map(({ id, finding, split }) => [id, finding, split])).toEqual([
      ['test/8989e25c-a698-48fc-b428-fff56931fc8f.png', 'no covid-19', 'test'],
      ['test/MIDRC-RICORD-1C-SITE2-000265-99793-1.png', 'covid-19', 'test'],
      ['val/COVID-19 (100).png', 'covid-19', 'validation'],
      ['val/SARS-10.1148rg.242035193-g04mr34g05x-Fig5-day9.jpeg', 'pneumonia', 'validation'],
    ]);
  });

  it('takes lines that are there twice, and refuses contradictions and other lines', () => {
    const files = filesOf(TRAIN, 'train');
    const index = (text: string) => () =>
      indexManifest(text, { mapping: covidxMapping(), files, name: 'list.txt' });
    expect(index(TRAIN + TRAIN)().samples).toHaveLength(4);
    expect(index(TRAIN + TRAIN.replace('pneumonia', 'normal'))).toThrow(/list\.txt: row 5 contradicts row 1/);
    expect(index(`${TRAIN}12 a.png lung cohen`)).toThrow(
      /list\.txt: row 5 is "12 a\.png lung cohen"\. Expected a patient/,
    );
    expect(index('patient file class')).toThrow(FileError);
    expect(index('\n')).toThrow(/list\.txt: has no rows/);
  });
});
