import { describe, expect, it } from 'vitest';
import { shardsOf } from './shards.js';

describe('shardsOf', () => {
  it('covers every batch once, in order, with sizes that differ by one image at most', () => {
    for (let size = 1; size <= 40; size++) {
      for (let workers = 1; workers <= 9; workers++) {
        const shards = shardsOf(size, workers);
        const images = shards.flatMap(({ start, count }) =>
          Array.from({ length: count }, (_, at) => start + at),
        );
        const counts = shards.map(({ count }) => count);

        expect(shards.length).toBe(workers);
        expect(images).toEqual(Array.from({ length: size }, (_, at) => at));
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      }
    }
  });
});
