import { describe, expect, it } from 'vitest';
import { type CatalogEntry, DATASET_CATALOG, datasetNamed } from './dataset-catalog.js';

const entries: readonly CatalogEntry[] = Object.values(DATASET_CATALOG);
const total = (counts: Readonly<Record<string, number>> = {}) =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

describe('DATASET_CATALOG', () => {
  it('has the totals that the publications give', () => {
    for (const { counts, format, findings } of entries) {
      // 5,856 images in all; MedMNIST splits the 5,232 for training 9 to 1.
      const sides = [total(counts.train), total(counts.validation), total(counts.test)];
      expect(sides).toEqual(format === 'zip' ? [5232, 0, 624] : [4708, 524, 624]);
      for (const side of Object.values(counts)) expect(Object.keys(side)).toEqual(findings);
    }
  });

  it('is consistent: the small copies have the images of the original', () => {
    const [original, copy] = [
      DATASET_CATALOG['kermany-2018'].counts,
      DATASET_CATALOG['pneumonia-mnist-28'].counts,
    ];
    expect(copy.train.normal + copy.validation.normal).toBe(original.train.normal);
    expect(copy.train.pneumonia + copy.validation.pneumonia).toBe(
      original.train.bacterial + original.train.viral,
    );
    expect(copy.test.normal).toBe(original.test.normal);
    expect(copy.test.pneumonia).toBe(original.test.bacterial + original.test.viral);
  });

  it('names files, addresses, licences and sources in full', () => {
    const unique = new Set(entries.map(({ file }) => file.checksum?.value ?? file.name));
    expect(unique.size).toBe(entries.length);
    for (const [key, entry] of Object.entries(DATASET_CATALOG)) {
      const { name, file, source, licence, citations, notes } = entry;
      expect(name).toBe(key);
      for (const address of [file.url, source, licence.url]) expect(new URL(address).protocol).toBe('https:');
      expect(file.checksum.value).toMatch(
        file.checksum.algorithm === 'md5' ? /^[0-9a-f]{32}$/ : /^[0-9a-f]{64}$/,
      );
      for (const citation of citations) expect(citation).toMatch(/, \d{4}, doi:10\.\d+\//);
      expect(notes).toMatch(/\.$/);
    }
  });

  it('lists the names where there is no such dataset', () => {
    expect(datasetNamed('kermany-2018')).toBe(DATASET_CATALOG['kermany-2018']);
    for (const name of ['kermany', 'toString', ''])
      expect(() => datasetNamed(name)).toThrow(/one of pneumonia-mnist-28, .*kermany-2018\. Received: /);
  });
});
