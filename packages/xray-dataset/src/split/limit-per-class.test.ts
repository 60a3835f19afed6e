import { describe, expect, it } from 'vitest';
import { createRandom, NORMAL_PNEUMONIA, type Sample } from 'xray-core';
import { countClasses } from './class-counts.js';
import { limitPerClass } from './limit-per-class.js';

const samples: Sample[] = ['normal', 'bacterial', 'viral'].flatMap((finding) =>
  Array.from({ length: 60 }, (_, index) => ({
    id: `${finding}-${index}`,
    source: '',
    finding,
    patientId: `${finding}-${Math.floor(index / (finding === 'viral' ? 3 : 1))}`,
  })),
);
const options = { classList: NORMAL_PNEUMONIA, limit: 20, seed: 7 };

describe('limitPerClass', () => {
  it('keeps at most the limit of every class, in whole patients', () => {
    for (let seed = 0; seed < 20; seed++) {
      const kept = limitPerClass(samples, { ...options, seed });
      expect(countClasses(kept, NORMAL_PNEUMONIA)).toEqual([20, 20]);
      const keptIds = new Set(kept.map(({ id }) => id));
      const keptPatients = new Set(kept.map(({ patientId }) => patientId));
      const divided = samples.filter(({ id, patientId }) => keptPatients.has(patientId) && !keptIds.has(id));
      expect(divided).toEqual([]);
    }
  });

  it('does not depend on the order of the samples, but on the seed', () => {
    const kept = limitPerClass(samples, options);
    expect(limitPerClass(createRandom(1).shuffle(samples), options)).toEqual(kept);
    expect(limitPerClass(samples, { ...options, seed: 8 })).not.toEqual(kept);
  });

  it('keeps everything under a high limit', () => {
    expect(limitPerClass(samples, { ...options, limit: 1000 })).toHaveLength(180);
  });

  it('also counts the other findings of a patient', () => {
    const mixed = samples.map((sample) =>
      sample.id === 'normal-0' ? { ...sample, patientId: 'viral-0' } : sample,
    );
    for (let seed = 0; seed < 20; seed++) {
      const counts = countClasses(limitPerClass(mixed, { ...options, limit: 5, seed }), NORMAL_PNEUMONIA);
      expect(Math.max(...counts)).toBeLessThanOrEqual(5);
    }
  });

  it('says when the limit is out of range or too small for a patient', () => {
    expect(() => limitPerClass(samples, { ...options, limit: 0 })).toThrow(
      /`limit` must be a whole number from 1 up/,
    );
    const viral = samples.filter(({ finding }) => finding === 'viral');
    expect(() => limitPerClass(viral, { ...options, limit: 2 })).toThrow(
      /large enough for a patient of class pneumonia.*Received: 2\. Raise the limit/,
    );
  });
});
