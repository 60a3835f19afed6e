import { describe, expect, it } from 'vitest';
import { NORMAL_BACTERIAL_VIRAL } from 'xray-core';
import { createPixelStore } from '../pixels/create-pixel-store.js';
import { countClasses } from '../split/class-counts.js';
import { splitByPatient } from '../split/split-samples.js';
import { createSyntheticDataset } from './create-synthetic-dataset.js';

const options = { patientsPerFinding: 4, seed: 7, height: 32, width: 40 };
const rule = { height: 32, width: 40 };

describe('createSyntheticDataset', () => {
  it('has the patients and images asked for', () => {
    const { samples } = createSyntheticDataset({
      ...options,
      patientsPerFinding: { normal: 2, bacterial: 0, viral: 3 },
      imagesPerPatient: 3,
    });
    expect(countClasses(samples, NORMAL_BACTERIAL_VIRAL)).toEqual([6, 0, 9]);
    expect(new Set(samples.map(({ patientId }) => patientId)).size).toBe(5);
  });

  it('goes through split and store', async () => {
    const { samples, decode } = createSyntheticDataset(options);
    const { train, validation } = splitByPatient(samples, {
      classList: NORMAL_BACTERIAL_VIRAL,
      validationShare: 0.25,
      seed: 7,
    });
    expect([train.length, validation.length]).toEqual([18, 6]);
    const store = await createPixelStore(samples, { decode, rule });
    expect([store.count, store.channels]).toEqual([24, 1]);
  });

  it('is the same for the same seed, and all its images differ', async () => {
    const hashes = await Promise.all(
      [7, 7, 8].map(async (seed) => {
        const { samples, decode } = createSyntheticDataset({ ...options, seed });
        const store = await createPixelStore(samples, { decode, rule });
        expect(new Set(store.ids.map((id) => store.pixelsOf(id).join())).size).toBe(24);
        return store.contentHash();
      }),
    );
    expect(hashes[1]).toBe(hashes[0]);
    expect(hashes[2]).not.toBe(hashes[0]);
  });

  it('does not change the images of a patient when others are added', async () => {
    const small = createSyntheticDataset(options);
    const large = createSyntheticDataset({ ...options, patientsPerFinding: 9 });
    const sample = small.samples[9]!;
    expect(await large.decode(sample)).toEqual(await small.decode(sample));
  });

  it('refuses impossible numbers and samples of other datasets', async () => {
    expect(() => createSyntheticDataset({ ...options, patientsPerFinding: 0 })).toThrow(
      /at least one patient/,
    );
    expect(() => createSyntheticDataset({ ...options, patientsPerFinding: -1 })).toThrow(
      /`patientsPerFinding\.normal`/,
    );
    expect(() => createSyntheticDataset({ ...options, imagesPerPatient: 0 })).toThrow(/`imagesPerPatient`/);
    expect(() => createSyntheticDataset({ ...options, height: 31 })).toThrow(
      /`height` must be .* from 32 up/,
    );
    expect(() => createSyntheticDataset({ ...options, severity: 0 })).toThrow(/`severity`/);
    const { decode } = createSyntheticDataset(options);
    await expect(decode({ id: 'x', source: '', finding: 'normal', patientId: '' })).rejects.toThrow(
      /one of the 24 samples of this dataset, such as normal\/patient1-image1\. Received: "x"/,
    );
  });
});
