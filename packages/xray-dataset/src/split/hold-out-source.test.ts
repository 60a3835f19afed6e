import { describe, expect, it } from 'vitest';
import { NORMAL_PNEUMONIA, type Sample } from 'xray-core';
import { holdOutSource } from './hold-out-source.js';
import { splitByPatient } from './split-samples.js';

const sample = (id: string, more: Partial<Sample> = {}): Sample => ({
  ...{ id, source: id, patientId: id, finding: id.includes('NORMAL/') ? 'normal' : 'pneumonia' },
  ...more,
});
const IDS = ['a/NORMAL/x-1.png', 'a/PNEUMONIA/x-2.png', 'b/NORMAL/y-1.png', 'b/PNEUMONIA/y-2.png'];
const SAMPLES = IDS.map((id) => sample(id));
const heldIds = (samples: readonly Sample[], source: string) =>
  holdOutSource(samples, source)
    .samples.filter(({ split }) => split === 'test')
    .map(({ id }) => id);

describe('holdOutSource', () => {
  it('takes a folder, a beginning of file names, or an origin', () => {
    expect(heldIds(SAMPLES, 'b')).toEqual(IDS.slice(2));
    expect(heldIds(SAMPLES, 'x-')).toEqual(IDS.slice(0, 2));
    const named = SAMPLES.map((one, index) => ({ ...one, origin: index % 2 ? 'b' : 'c' }));
    expect(heldIds(named, 'b')).toEqual([IDS[1], IDS[3]]); // an origin goes before a folder of that name
  });

  it('leaves out what was on the test side, and keeps other sides', () => {
    const sided = SAMPLES.map((one, index) => sample(one.id, { split: index === 0 ? 'test' : 'validation' }));
    const { samples, heldOut, leftOut } = holdOutSource(sided, 'b');
    expect(leftOut.map(({ id }) => id)).toEqual([IDS[0]]);
    expect(heldOut).toBe(2);
    expect(samples.map(({ split }) => split)).toEqual(['validation', 'test', 'test']);
  });

  it('keeps patients of the source out of training', () => {
    const many = Array.from({ length: 40 }, (_, index) =>
      sample(`${index < 30 ? 'a' : 'b'}/${index % 2 ? 'NORMAL' : 'PNEUMONIA'}/${index}.png`, {
        patientId: `patient-${index % 25}`,
      }),
    );
    const { samples } = holdOutSource(many, 'b');
    const options = { classList: NORMAL_PNEUMONIA, validationShare: 0.2, seed: 1 };
    const { train, validation, test } = splitByPatient(samples, { ...options, onSharedPatients: 'drop' });
    const patients = new Set(test.map(({ patientId }) => patientId));
    expect(test).toHaveLength(10);
    expect([...train, ...validation].some(({ patientId }) => patients.has(patientId))).toBe(false);
  });

  it('refuses a source that no image, or every image, is of', () => {
    expect(() => holdOutSource(SAMPLES, 'd')).toThrow(
      /`source` must be an origin.*Received: "d".*a\/NORMAL\/x-1\.png/,
    );
    expect(() => holdOutSource(SAMPLES.slice(0, 2), 'a')).toThrow(/`source` must be/);
    expect(() => holdOutSource(SAMPLES, '')).toThrow(/`source` must be/);
  });
});
