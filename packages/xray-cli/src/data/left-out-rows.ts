import type { SkippedRow } from 'xray-dataset';
import type { ReportNote } from 'xray-report';

/** Rows and images that a note names. */
const MOST_NAMED = 50;

const REASONS: Readonly<Record<SkippedRow['reason'], string>> = {
  'unknown-finding': 'with no finding that has a class',
  'several-classes': 'with findings of several classes',
  contradiction: 'that are normal and have a finding',
  uncertain: 'with uncertain findings',
  'readers-disagree': 'on which too few readers agree',
  view: 'of other views',
  'missing-file': 'whose file is not there',
};

/** What a table has that was left out, and images that it does not tell of; nothing goes without a word. */
export function leftOutRowNotes(skipped: readonly SkippedRow[], unlisted: readonly string[]): ReportNote[] {
  const notes: ReportNote[] = [];
  if (skipped.length > 0) {
    const rows = skipped.map(
      ({ image, table, line, reason }) => `${image} (${table}, row ${line}): ${reason}`,
    );
    notes.push({
      kind: 'warning',
      text: `Left out of the table: ${countReasons(skipped)}.`,
      details: firstOf(rows),
    });
  }
  if (unlisted.length > 0) {
    const text = `Images that no row of the table tells of were left out: ${unlisted.length}.`;
    notes.push({ kind: 'warning', text, details: firstOf(unlisted) });
  }
  return notes;
}

/** `3 images with uncertain findings, 1 of other views`. */
function countReasons(skipped: readonly SkippedRow[]): string {
  const counts = new Map<SkippedRow['reason'], number>();
  for (const { reason } of skipped) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .map(
      ([reason, count], at) =>
        `${count}${at === 0 ? (count === 1 ? ' image' : ' images') : ''} ${REASONS[reason]}`,
    )
    .join(', ');
}

function firstOf(names: readonly string[]): string[] {
  const more = names.length > MOST_NAMED ? [`and ${names.length - MOST_NAMED} more`] : [];
  return [...names.slice(0, MOST_NAMED), ...more];
}
