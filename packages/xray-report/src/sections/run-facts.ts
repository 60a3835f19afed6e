import { formatAnyNumber, humanise } from '../format.js';
import { html } from '../html.js';
import type { JsonValue, ReportData } from '../report-data.js';
import type { Section } from './section.js';

/** Longer values, such as commands and hashes, take a whole line. */
const LONGEST_NARROW_VALUE = 36;

/** How the run can be repeated and told apart from others. */
export function runSection({ run }: ReportData): Section | undefined {
  const facts = run === undefined ? [] : flatten(run, []);
  if (facts.length === 0) return undefined;
  return {
    id: 'run',
    heading: 'Run',
    body: html`<dl class="facts card">
${facts.map(
  ({
    name,
    value,
  }) => html`<div${value.length > LONGEST_NARROW_VALUE && html` class="wide"`}><dt>${name}</dt><dd>${value}</dd></div>
`,
)}</dl>
`,
  };
}

interface Fact {
  readonly name: string;
  readonly value: string;
}

/** `{ device: { backend: 'wasm' } }` → `Device › Backend: wasm`; lists of plain values stay on one line. */
function flatten(value: JsonValue, path: readonly string[]): Fact[] {
  if (isList(value)) {
    if (value.every(isPlain))
      return [{ name: path.join(' › '), value: value.map(plainText).join(', ') || 'none' }];
    return value.flatMap((item, index) => flatten(item, [...path, String(index + 1)]));
  }
  if (isPlain(value)) return [{ name: path.join(' › '), value: plainText(value) }];
  return Object.entries(value).flatMap(([key, item]) => flatten(item, [...path, humanise(key)]));
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isPlain(value: JsonValue): value is string | number | boolean | null {
  return typeof value !== 'object' || value === null;
}

function plainText(value: string | number | boolean | null): string {
  if (value === null) return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  // A seed or a year is a name more than a quantity: no thousands separators.
  return typeof value === 'number'
    ? Number.isInteger(value)
      ? String(value)
      : formatAnyNumber(value)
    : value;
}
