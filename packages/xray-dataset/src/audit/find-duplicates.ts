import type { AuditLimits, ExactDuplicateGroup, NearDuplicateGroup, Sample } from 'xray-core';
import { correlate } from './correlate.js';
import { Groups } from './groups.js';
import type { InspectedImage } from './inspect-image.js';
import { visitNearPairs } from './near-pairs.js';
import { differencesOf } from './tabulate.js';

/** @internal What is compared of one image; unreadable ones have no pixels, others may have no file. */
export interface Fingerprints {
  readonly bytesHash: string | undefined;
  readonly pixelHash: string | undefined;
}

/** @internal Groups of equal files or pixels. `groups` joins them, by place in `samples`. */
export function findExactDuplicates(
  samples: readonly Sample[],
  fingerprints: readonly Fingerprints[],
): { exact: ExactDuplicateGroup[]; groups: Groups } {
  const groups = new Groups(samples.length);
  const seen = new Map<string, number>();
  fingerprints.forEach(({ bytesHash, pixelHash }, index) => {
    for (const hash of [bytesHash, pixelHash]) {
      if (hash === undefined) continue;
      const before = seen.get(hash);
      if (before === undefined) seen.set(hash, index);
      else groups.join(before, index);
    }
  });
  const exact = [...groups.members().values()].map((members): ExactDuplicateGroup => {
    const own = members.map((index) => samples[index]!);
    const bytes = new Set(members.map((index) => fingerprints[index]!.bytesHash));
    return {
      ids: own.map(({ id }) => id),
      same: bytes.size === 1 && !bytes.has(undefined) ? 'bytes' : 'pixels',
      across: differencesOf(own),
    };
  });
  return { exact, groups };
}

/** @internal What near duplicates are found by, in the order of the samples; `undefined` for images that are left out. */
export type Comparable = Pick<InspectedImage, 'hash' | 'thumbnail'> | undefined;

/**
 * @internal Groups of images that are near each other. Of equal images only the first is compared; all are listed.
 *
 * @param exact - Groups of equal images.
 */
export async function findNearDuplicates(
  samples: readonly Sample[],
  images: readonly Comparable[],
  exact: Groups,
  limits: AuditLimits,
  options: {
    signal?: AbortSignal | undefined;
    onChunk?: ((done: number, total: number) => void) | undefined;
  },
): Promise<NearDuplicateGroup[]> {
  const compared = images.flatMap((image, index) =>
    image !== undefined && exact.rootOf(index) === index ? [index] : [],
  );
  const hashes = new Uint32Array(compared.flatMap((index) => images[index]!.hash));
  const groups = new Groups(samples.length);
  const links: { index: number; distance: number; correlation: number }[] = [];
  await visitNearPairs(
    hashes,
    { ...options, maximumDistance: limits.nearDistance },
    (one, other, distance) => {
      const [first, second] = [compared[one]!, compared[other]!];
      if (groups.rootOf(first) === groups.rootOf(second)) return;
      const correlation = correlate(images[first]!.thumbnail, images[second]!.thumbnail);
      if (correlation < limits.nearCorrelation) return;
      groups.join(first, second);
      links.push({ index: first, distance, correlation });
    },
  );
  const linksOf = new Map<number, typeof links>();
  for (const link of links) {
    const root = groups.rootOf(link.index);
    const own = linksOf.get(root);
    if (own) own.push(link);
    else linksOf.set(root, [link]);
  }
  samples.forEach((_, index) => {
    groups.join(index, exact.rootOf(index));
  });
  const all = groups.members();
  const inOrder = [...linksOf].sort(([left], [right]) => left - right); // by the first member
  return inOrder.map(([root, own]): NearDuplicateGroup => {
    const members = all.get(groups.rootOf(root))!.map((index) => samples[index]!);
    return {
      ids: members.map(({ id }) => id),
      distance: Math.max(...own.map(({ distance }) => distance)),
      correlation: Number(Math.min(...own.map(({ correlation }) => correlation)).toFixed(4)),
      across: differencesOf(members),
    };
  });
}
