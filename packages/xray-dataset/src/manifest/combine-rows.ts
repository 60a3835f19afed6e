import type { ManifestEntry, ReaderRule } from './manifest-mapping.js';

/** What several readers of one image say together. */
export interface Verdict {
  readonly findings: readonly string[];
  readonly uncertain: readonly string[];
  /** Whether readers saw something, but nothing on which enough of them agree. */
  readonly isDisputed: boolean;
}

/**
 * @internal Combines what the readers of an image say. Rows without a reader's name, and all rows of one reader, count
 * as one reader's.
 */
export function combineReaders(
  rows: readonly Pick<ManifestEntry, 'findings' | 'uncertain' | 'reader'>[],
  rule: ReaderRule,
): Verdict {
  const readers = new Map<string, { there: Set<string>; uncertain: Set<string> }>();
  for (const { reader = '', findings, uncertain = [] } of rows) {
    const seen = readers.get(reader) ?? { there: new Set(), uncertain: new Set() };
    readers.set(reader, seen);
    for (const finding of findings) seen.there.add(finding);
    for (const finding of uncertain) seen.uncertain.add(finding);
  }
  const votes = (kind: 'there' | 'uncertain') => {
    const counts = new Map<string, number>();
    for (const seen of readers.values()) {
      for (const finding of seen[kind]) counts.set(finding, (counts.get(finding) ?? 0) + 1);
    }
    return counts;
  };
  const needed = { majority: Math.floor(readers.size / 2) + 1, any: 1, all: readers.size }[rule];
  const there = votes('there');
  const findings = [...there].filter(([, count]) => count >= needed).map(([finding]) => finding);
  const isSick = findings.some((finding) => finding !== 'normal');
  return {
    findings: rule === 'any' && isSick ? findings.filter((finding) => finding !== 'normal') : findings,
    uncertain: [...votes('uncertain')].filter(([, count]) => count >= needed).map(([finding]) => finding),
    isDisputed: findings.length === 0 && there.size > 0,
  };
}
