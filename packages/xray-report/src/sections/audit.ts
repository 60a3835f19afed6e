import type { AuditCount, DatasetAudit, Split, SuspicionKind } from 'xray-core';
import { capitalise, formatCount, formatQuantity, plural } from '../format.js';
import { type Html, html } from '../html.js';
import type { ReportData } from '../report-data.js';
import { groupList, KINDS, more, suspicionList } from './audited-images.js';
import type { Section } from './section.js';
import { table } from './table.js';

/** Rows of the tables of patients and unreadable files. */
const MOST_ROWS = 50;

/** What an audit found in a dataset. */
export function auditSection({ audit: part }: ReportData): Section | undefined {
  if (part === undefined) return undefined;
  const { audit } = part;
  const { limits, nearDuplicates, exactDuplicates } = audit;
  return {
    id: 'audit',
    heading: 'Audit',
    body: html`${tiles(audit)}
${countTable(audit.counts)}
${sizeTables(audit)}
${patientTable(audit)}
${unreadableTable(audit)}
${groupList(
  'Exact duplicates',
  'Files that are equal, or that show exactly the same pixels.',
  exactDuplicates.map((group) => ({
    ...group,
    note: group.same === 'bytes' ? 'equal files' : 'equal pixels',
  })),
  part,
)}
${groupList(
  'Near duplicates',
  `Images whose perceptual hashes differ in at most ${limits.nearDistance} of 64 bits and whose thumbnails correlate by at least ${limits.nearCorrelation}.`,
  nearDuplicates.map((group) => ({
    ...group,
    note: `distance ${group.distance}, correlation ${group.correlation.toFixed(3)}`,
  })),
  part,
)}
${(Object.keys(KINDS) as SuspicionKind[]).map((kind) => suspicionList(kind, part))}`,
  };
}

function tiles(audit: DatasetAudit): Html {
  const { imageCount, exactDuplicates, nearDuplicates, patientsOnSeveralSides } = audit;
  const { unreadable, suspicious } = audit;
  const across = [...exactDuplicates, ...nearDuplicates].filter((group) => group.across.length > 0);
  const tile = (label: string, value: number, remark: string) =>
    html`<div class="tile"><dt>${label}</dt><dd><span class="value">${formatCount(value)}</span><span class="interval">${remark}</span></dd></div>`;
  return html`<dl class="tiles findings">
${tile('Images', imageCount, patientsOf(audit))}
${tile('Exact duplicates', exactDuplicates.length, groupsOf(exactDuplicates))}
${tile('Near duplicates', nearDuplicates.length, groupsOf(nearDuplicates))}
${tile('Across sides, classes or patients', across.length, `${plural(across.length, 'group')} of duplicates`)}
${tile('Patients on several sides', patientsOnSeveralSides.length, 'of the split')}
${tile('Unreadable files', unreadable.length, 'cannot be decoded')}
${tile('Suspicious images', new Set(suspicious.map(({ id }) => id)).size, 'worth a look')}
</dl>
`;
}

/** `of 5 patients`, and of how many images they are unknown. */
function patientsOf({ imageCount, patientCount, imagesOfUnknownPatients = 0 }: DatasetAudit): string {
  if (imageCount > 0 && imagesOfUnknownPatients === imageCount) return 'patients unknown';
  const known = `of ${formatQuantity(patientCount, 'patient')}`;
  return imagesOfUnknownPatients === 0
    ? known
    : `${known}, ${formatCount(imagesOfUnknownPatients)} of unknown patients`;
}

/** `groups, 5 files` */
function groupsOf(groups: readonly { readonly ids: readonly string[] }[]): string {
  const files = groups.reduce((sum, { ids }) => sum + ids.length, 0);
  return `${plural(groups.length, 'group')}, ${formatQuantity(files, 'file')}`;
}

/** One row per finding, one column per side. */
function countTable(counts: readonly AuditCount[]): Html {
  const sides = [...new Set(counts.map(({ split }) => split))];
  const findings = [...new Set(counts.map(({ finding }) => finding))];
  const cells = (finding: string, side: Split | null) => {
    const count = counts.find((one) => one.finding === finding && one.split === side);
    return count === undefined ? ['', ''] : [formatCount(count.images), formatCount(count.patients)];
  };
  const total = (side: Split | null) =>
    counts.filter(({ split }) => split === side).reduce((sum, { images }) => sum + images, 0);
  return table(
    'Images and patients per class',
    [
      { heading: 'Class' },
      ...sides.flatMap((side) => [
        { heading: side === null ? 'images' : `${side}: images`, numeric: true },
        { heading: 'patients', numeric: true },
      ]),
    ],
    [
      ...findings.map((finding) => ({
        cells: [finding, ...sides.flatMap((side) => cells(finding, side))],
      })),
      // A patient may have several findings, so patients are not added up.
      { cells: ['all', ...sides.flatMap((side) => [formatCount(total(side)), ''])], kind: 'total' },
    ],
  );
}

function sizeTables({ sizes, pixelKinds }: DatasetAudit): Html | false {
  if (sizes === null) return false;
  const { height, width, mostCommon, different } = sizes;
  const range = (name: string, { smallest, median, largest }: typeof height) => ({
    cells: [name, ...[smallest, median, largest].map(formatCount)],
  });
  const numbers = (headings: readonly string[]) => headings.map((heading) => ({ heading, numeric: true }));
  const kinds = pixelKinds.map(
    ({ channels, bits, images }) =>
      `${formatQuantity(images, 'image')} with ${formatQuantity(channels, 'channel')} of ${bits} bits`,
  );
  return html`<div class="columns">
${table('Sizes in pixels', [{ heading: 'Side' }, ...numbers(['Smallest', 'Median', 'Largest'])], [range('height', height), range('width', width)])}
${table(
  different > mostCommon.length
    ? `Most common of ${formatCount(different)} sizes`
    : 'Sizes, most common first',
  [{ heading: 'Height × width' }, ...numbers(['Images'])],
  mostCommon.map((size) => ({ cells: [`${size.height} × ${size.width}`, formatCount(size.images)] })),
)}
</div>
<p class="remark">${capitalise(kinds.join('; '))}.</p>
`;
}

function patientTable({ patientsOnSeveralSides: patients }: DatasetAudit): Html | false {
  if (patients.length === 0) return false;
  const sides = (['train', 'validation', 'test'] as const).filter((side) =>
    patients.some(({ images }) => images[side] !== undefined),
  );
  return html`${table(
    `Patients on several sides (${formatCount(patients.length)})`,
    [{ heading: 'Patient' }, ...sides.map((heading) => ({ heading, numeric: true }))],
    patients.slice(0, MOST_ROWS).map(({ patientId, images }) => ({
      cells: [patientId, ...sides.map((side) => formatCount(images[side] ?? 0))],
    })),
  )}${more(patients.length - MOST_ROWS, 'patient')}`;
}

function unreadableTable({ unreadable }: DatasetAudit): Html | false {
  if (unreadable.length === 0) return false;
  return html`${table(
    `Unreadable files (${formatCount(unreadable.length)})`,
    [{ heading: 'File' }, { heading: 'What is wrong' }],
    unreadable.slice(0, MOST_ROWS).map(({ id, reason }) => ({ cells: [id, reason] })),
  )}${more(unreadable.length - MOST_ROWS, 'file')}`;
}
