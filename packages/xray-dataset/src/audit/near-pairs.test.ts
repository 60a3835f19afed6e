import { describe, expect, it } from 'vitest';
import { AbortedError, createRandom } from 'xray-core';
import { visitNearPairs } from './near-pairs.js';
import { countBits } from './perceptual-hash.js';

/** Hashes in clusters: some equal, some a few bits apart, most far from each other. */
function clusteredHashes(count: number, seed: number): Uint32Array {
  const random = createRandom(seed);
  const hashes = new Uint32Array(2 * count);
  for (let index = 0; index < count; index++) {
    const isNew = index < 3 || random.uniform() < 0.3;
    const origin = isNew ? -1 : random.integer(0, index);
    for (const word of [0, 1])
      hashes[2 * index + word] = isNew ? random.integer(0, 2 ** 32) : hashes[2 * origin + word]!;
    for (let flips = random.integer(0, 12); !isNew && flips > 0; flips--)
      hashes[2 * index + random.integer(0, 2)]! ^= 1 << random.integer(0, 32);
  }
  return hashes;
}

function everyPair(hashes: Uint32Array, maximumDistance: number): string[] {
  const pairs: string[] = [];
  for (let one = 0; one < hashes.length / 2; one++) {
    for (let other = one + 1; other < hashes.length / 2; other++) {
      const distance =
        countBits(hashes[2 * one]! ^ hashes[2 * other]!) +
        countBits(hashes[2 * one + 1]! ^ hashes[2 * other + 1]!);
      if (distance <= maximumDistance) pairs.push(`${one} ${other} ${distance}`);
    }
  }
  return pairs.sort();
}

async function nearPairs(hashes: Uint32Array, maximumDistance: number): Promise<string[]> {
  const pairs: string[] = [];
  await visitNearPairs(hashes, { maximumDistance }, (one, other, distance) => {
    pairs.push(`${Math.min(one, other)} ${Math.max(one, other)} ${distance}`);
  });
  return pairs.sort();
}

describe('visitNearPairs', () => {
  it.each([0, 1, 2, 4, 8, 11, 31, 63])(
    'finds what comparing every pair finds, once, at distance %i',
    async (distance) => {
      for (const count of [0, 1, 2, 17, 200]) {
        const hashes = clusteredHashes(count, count + distance);
        expect(await nearPairs(hashes, distance)).toEqual(everyPair(hashes, distance));
      }
    },
  );

  it('finds all pairs of equal hashes', async () => {
    const hashes = new Uint32Array(40).fill(0xffffffff);
    expect(await nearPairs(hashes, 3)).toHaveLength((20 * 19) / 2);
  });

  it('reports rounds and stops when it is told to', async () => {
    const rounds: string[] = [];
    const onChunk = (done: number, total: number) => rounds.push(`${done}/${total}`);
    await visitNearPairs(clusteredHashes(20, 1), { maximumDistance: 3, onChunk }, () => {});
    expect(rounds).toEqual(['1/4', '2/4', '3/4', '4/4']);
    const equal = new Uint32Array(2 * 4000); // enough pairs for a look at the signal
    await expect(
      visitNearPairs(equal, { maximumDistance: 0, signal: AbortSignal.abort() }, () => {}),
    ).rejects.toThrow(AbortedError);
  });
});
