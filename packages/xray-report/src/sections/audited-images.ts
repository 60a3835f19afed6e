import type { DatasetAudit, Suspicion, SuspicionKind } from 'xray-core';
import { capitalise, formatAnyNumber, formatCount, formatPercent, formatQuantity } from '../format.js';
import { type Html, html } from '../html.js';
import type { ReportAudit } from '../report-data.js';

/** Groups of copies and images of one kind that are shown; the rest is counted. */
const MOST_GROUPS = 24;
const MOST_IMAGES = 12;
/** Images of one group that are shown. */
const MOST_IN_GROUP = 6;

/** How a finding is called, and how its number is written. */
export const KINDS: Readonly<
  Record<SuspicionKind, { name: string; rule: string; write(value: number): string }>
> = {
  blank: {
    name: 'Blank',
    rule: 'standard deviation of the gray levels below',
    write: formatAnyNumber,
  },
  tiny: { name: 'Tiny', rule: 'shorter side in pixels below', write: formatCount },
  elongated: {
    name: 'Unusual aspect ratio',
    rule: 'longer side divided by the shorter one above',
    write: formatAnyNumber,
  },
  coloured: { name: 'Coloured', rule: 'share of coloured pixels above', write: formatPercent },
  inverted: {
    name: 'Inverted, or no frontal chest X-ray',
    rule: 'gray level between the lung fields less theirs below',
    write: formatAnyNumber,
  },
  flatBorder: {
    name: 'Flat border',
    rule: 'share of the side that is one flat bar, from',
    write: formatPercent,
  },
  textBar: {
    name: 'Text on a bar at the edge',
    rule: 'strokes in one row of the bar, from',
    write: formatCount,
  },
};

const DIFFERENCES = {
  splits: 'on several sides',
  classes: 'in several classes',
  patients: 'of several patients',
} as const;

/**
 * The images that the report of an audit shows, if it is given thumbnails of them: those of the first groups of copies and
 * the first of every kind of suspicious image.
 *
 * @returns Ids without repetition, in the order of the page.
 */
export function auditedImagesShown(audit: DatasetAudit): string[] {
  const groups: Group[] = [...shownGroups(audit.exactDuplicates), ...shownGroups(audit.nearDuplicates)];
  const kinds = Object.keys(KINDS) as SuspicionKind[];
  return [
    ...new Set([
      ...groups.flatMap(({ ids }) => ids.slice(0, MOST_IN_GROUP)),
      ...kinds.flatMap((kind) => suspicionsOf(audit, kind).slice(0, MOST_IMAGES)).map(({ id }) => id),
    ]),
  ];
}

interface Group {
  readonly ids: readonly string[];
  readonly across: readonly (keyof typeof DIFFERENCES)[];
}

/** Those that lie across something first: they change what is measured. */
function shownGroups<Kind extends Group>(groups: readonly Kind[]): Kind[] {
  const weight = ({ across }: Kind) => (across.includes('splits') ? 4 : 0) + across.length;
  return groups.toSorted((left, right) => weight(right) - weight(left)).slice(0, MOST_GROUPS);
}

/** Groups of images that show the same, as cards. */
export function groupList(
  heading: string,
  explanation: string,
  groups: readonly (Group & { readonly note: string })[],
  part: ReportAudit,
): Html | false {
  if (groups.length === 0) return false;
  return html`<h3>${heading} (${formatQuantity(groups.length, 'group')})</h3>
<p class="lead">${explanation}</p>
<ul class="copies">
${shownGroups(groups).map(
  ({ ids, across, note }) => html`<li class="card">
<p><strong>${formatQuantity(ids.length, 'file')}</strong> <span class="file">${note}</span>${across.map(
    (difference) => html` <span class="tag">${DIFFERENCES[difference]}</span>`,
  )}</p>
<div class="pictures">${ids.slice(0, MOST_IN_GROUP).map((id) => picture(id, part))}</div>
${more(ids.length - MOST_IN_GROUP, 'file')}</li>
`,
)}</ul>
${more(groups.length - MOST_GROUPS, 'group')}`;
}

const suspicionsOf = ({ suspicious }: DatasetAudit, kind: SuspicionKind): readonly Suspicion[] =>
  suspicious.filter((suspicion) => suspicion.kind === kind);

/** Suspicious images of one kind. */
export function suspicionList(kind: SuspicionKind, part: ReportAudit): Html | false {
  const found = suspicionsOf(part.audit, kind);
  if (found.length === 0) return false;
  const { name, rule, write } = KINDS[kind];
  return html`<h3>${name} (${formatQuantity(found.length, 'image')})</h3>
<p class="lead">${capitalise(rule)} ${write(part.audit.limits[kind])}.</p>
<div class="card pictures">${found
    .slice(0, MOST_IMAGES)
    .map(({ id, value }) => picture(id, part, write(value)))}</div>
${more(found.length - MOST_IMAGES, 'image')}`;
}

function picture(id: string, { thumbnails }: ReportAudit, value?: string): Html {
  const image = thumbnails !== undefined && Object.hasOwn(thumbnails, id) ? thumbnails[id] : undefined;
  return html`<figure>${image !== undefined && html`<img src="${image}" alt="${id}" loading="lazy">`}<p class="file">${
    value !== undefined && html`<strong>${value}</strong> `
  }${id}</p></figure>`;
}

/** Says how many are left out, if any are. */
export function more(count: number, noun: string): Html | false {
  return (
    count > 0 &&
    html`<p class="remark">${count === 1 ? `One more ${noun} is` : `${formatCount(count)} more ${noun}s are`} not shown.</p>
`
  );
}
