import { describe, expect, it } from 'vitest';
import { blocksOf } from './blocks.js';

describe('blocksOf', () => {
  it.each([
    { batch: 1, rows: 1, rowBytes: 4, multiple: 1 },
    { batch: 7, rows: 10, rowBytes: 2 ** 14, multiple: 1 },
    { batch: 3, rows: 50, rowBytes: 2 ** 16, multiple: 4 },
    { batch: 2, rows: 9, rowBytes: 2 ** 22, multiple: 4 },
    { batch: 2, rows: 101, rowBytes: 2 ** 13, multiple: 1 },
  ])('covers every row once: $batch x $rows of $rowBytes bytes', ({ batch, rows, rowBytes, multiple }) => {
    const seen = new Map<string, number>();
    for (const block of blocksOf(batch, rows, (count) => (count + 2) * rowBytes, multiple)) {
      if (block.images > 1) expect(block).toMatchObject({ row: 0, rows });
      expect(block.row % multiple).toBe(0);
      expect(block.rows <= multiple || block.images * (block.rows + 2) * rowBytes <= 2 ** 19).toBe(true);
      for (let image = block.image; image < block.image + block.images; image++) {
        for (let row = block.row; row < block.row + block.rows; row++) {
          seen.set(`${image}/${row}`, (seen.get(`${image}/${row}`) ?? 0) + 1);
        }
      }
    }
    expect(seen.size).toBe(batch * rows);
    expect([...seen.values()].every((count) => count === 1)).toBe(true);
  });
});
