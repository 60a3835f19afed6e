import type {
  AuditCount,
  AuditPixelKind,
  AuditRange,
  AuditSizes,
  DividedPatient,
  DuplicateDifference,
  Sample,
  Split,
} from 'xray-core';
import { compareText } from '../compare.js';
import { SIDES } from '../split/sides.js';

/** Sizes listed. */
const MOST_SIZES = 10;

/** @internal Images and patients by side and finding: sides in their order, those without one last. */
export function countFindings(samples: readonly Sample[]): AuditCount[] {
  return [...SIDES, undefined].flatMap((side) => {
    const own = samples.filter(({ split }) => split === side);
    const findings = [...new Set(own.map(({ finding }) => finding))].sort(compareText);
    return findings.map((finding) => {
      const found = own.filter((sample) => sample.finding === finding);
      return { split: side ?? null, finding, images: found.length, patients: countKnownPatients(found) };
    });
  });
}

/** @internal Patients of whom something says whose images these are. */
export function countKnownPatients(samples: readonly Sample[]): number {
  return new Set(samples.filter(isKnown).map(({ patientId }) => patientId)).size;
}

const isKnown = ({ isPatientUnknown }: Sample) => isPatientUnknown !== true;

/** @internal Patients with images on several sides, by id. */
export function findDividedPatients(samples: readonly Sample[]): DividedPatient[] {
  const sidesOf = new Map<string, Partial<Record<Split, number>>>();
  for (const { patientId, split } of samples) {
    if (split === undefined) continue;
    const images = sidesOf.get(patientId) ?? {};
    images[split] = (images[split] ?? 0) + 1;
    sidesOf.set(patientId, images);
  }
  return [...sidesOf]
    .filter(([, images]) => Object.keys(images).length > 1)
    .map(([patientId, images]) => ({ patientId, images }))
    .sort((left, right) => compareText(left.patientId, right.patientId));
}

/** @internal In what images that show the same differ. Images on no side are on no other side. */
export function differencesOf(samples: readonly Sample[]): DuplicateDifference[] {
  const differs = (read: (sample: Sample) => string | undefined) =>
    new Set(samples.map(read).filter((value) => value !== undefined)).size > 1;
  return [
    ...(differs(({ split }) => split) ? (['splits'] as const) : []),
    ...(differs(({ finding }) => finding) ? (['classes'] as const) : []),
    ...(differs((sample) => (isKnown(sample) ? sample.patientId : undefined)) ? (['patients'] as const) : []),
  ];
}

/** @internal `null` without images. */
export function tabulateSizes(
  images: readonly { readonly height: number; readonly width: number }[],
): AuditSizes | null {
  if (images.length === 0) return null;
  const sizes = tally(images, ({ height, width }) => `${height}x${width}`);
  return {
    height: rangeOf(images.map(({ height }) => height)),
    width: rangeOf(images.map(({ width }) => width)),
    different: sizes.length,
    mostCommon: sizes
      .slice(0, MOST_SIZES)
      .map(([{ height, width }, count]) => ({ height, width, images: count })),
  };
}

/** @internal Most common first. */
export function tabulatePixelKinds(
  images: readonly { readonly channels: 1 | 3; readonly bits: 8 | 16 }[],
): AuditPixelKind[] {
  return tally(images, ({ channels, bits }) => `${channels}x${bits}`).map(([{ channels, bits }, count]) => ({
    ...{ channels, bits, images: count },
  }));
}

/** One item of every kind and how many there are, most common first. */
function tally<Item>(items: readonly Item[], kindOf: (item: Item) => string): [Item, number][] {
  const counts = new Map<string, [Item, number]>();
  for (const item of items) {
    const kind = kindOf(item);
    counts.set(kind, [item, (counts.get(kind)?.[1] ?? 0) + 1]);
  }
  return [...counts]
    .sort(
      ([left, [, leftCount]], [right, [, rightCount]]) => rightCount - leftCount || compareText(left, right),
    )
    .map(([, counted]) => counted);
}

function rangeOf(values: readonly number[]): AuditRange {
  const sorted = Float64Array.from(values).sort();
  return {
    smallest: sorted[0]!,
    median: sorted[(sorted.length - 1) >> 1]!,
    largest: sorted.at(-1)!,
  };
}
