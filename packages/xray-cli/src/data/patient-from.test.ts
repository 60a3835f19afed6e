import { describe, expect, it } from 'vitest';
import { indexFiles } from 'xray-dataset';
import { patientReader } from './patient-from.js';

const paths = ['ill/p7/p7_front.png', 'ill/p7/p7_side.png', 'well/x/p9_front.png'];
const patientsOf = (text: string | undefined) => {
  const reader = patientReader(text);
  const { samples } = indexFiles(paths, reader.options);
  reader.check();
  return samples.map(({ patientId, isPatientUnknown }) => (isPatientUnknown ? undefined : patientId));
};

describe('patientReader', () => {
  it.each([
    [undefined, [undefined, undefined, undefined]],
    ['folder', ['p7', 'p7', 'x']],
    ['file', paths],
    ['/(p[0-9]+)_', ['p7', 'p7', 'p9']],
    ['p\\d+', ['p7', 'p7', 'p9']],
  ])('reads whose images they are from %s', (text, expected) => {
    expect(patientsOf(text)).toEqual(expected);
  });

  it('reads them for the samples of a table', () => {
    const samples = paths.map((id) => ({
      id,
      source: id,
      finding: 'x',
      patientId: id,
      isPatientUnknown: true,
    }));
    const read = (text: string | undefined) =>
      patientReader(text)
        .apply(samples)
        .map((sample) => [sample.patientId, sample.isPatientUnknown]);
    expect(read('folder')).toEqual([
      ['ill/p7', undefined],
      ['ill/p7', undefined],
      ['well/x', undefined],
    ]);
    expect(read('(p\\d)_')[2]).toEqual(['p9', undefined]);
    expect(patientReader(undefined).apply(samples)).toBe(samples);
  });

  it('names paths that an expression does not match, and expressions that are none', () => {
    expect(() => patientsOf('p7')).toThrow(
      /`--patient-from` must be .* not match 1 of them, first: well\/x\/p9_front\.png/,
    );
    expect(() => patientReader('(')).toThrow(/folder, file or a regular expression/);
  });
});
