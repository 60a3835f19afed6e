import { readFileSync } from 'node:fs';

/** What `scripts/make-statistics-fixture.py` writes. */
const FIXTURE = JSON.parse(readFileSync(new URL('./statistics.json', import.meta.url), 'utf8'));

type Rows = readonly (readonly number[])[];

/** One part of the fixture; the script says which library it comes from. */
export function readStatistics<Part>(name: string): Part {
  return FIXTURE[name];
}

/** Labels stored as digits. */
export const labelsOf = (digits: string): Int32Array => Int32Array.from(digits, Number);

/** Scores stored as whole thousandths. */
export const scoresOf = (thousandths: readonly number[]): Float64Array =>
  Float64Array.from(thousandths, (value) => value / 1000);

/** The rows of a table of arguments and results. */
export const tableOf = (part: string, name: string): Rows => readStatistics<Record<string, Rows>>(part)[name]!;
