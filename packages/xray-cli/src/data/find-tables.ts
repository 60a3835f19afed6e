import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InvalidArgumentError } from 'xray-core';
import type { ManifestTable } from 'xray-dataset';
import { readTableText } from 'xray-dataset/node';
import type { ReadyMapping } from './dataset-options.js';
import { type Companions, isReady } from './manifest-mapping.js';

/** How datasets call their tables. */
const TABLES: Readonly<Record<ReadyMapping, RegExp>> = {
  'nih-chest-xray14': /^Data_Entry_2017(_v2020)?\.csv$/i,
  'rsna-pneumonia': /^stage_2_(train_labels|detailed_class_info)\.csv$/i,
  chexpert: /^(train|valid|test|test_labels)\.csv$/i,
  'mimic-cxr-jpg': /^mimic-cxr-.*-split\.csv(\.gz)?$/i,
  'vindr-cxr': /^image_labels_(train|test)\.csv$/i,
  'vindr-pcxr': /^image_labels_(train|test)\.csv$/i,
  padchest: /^PADCHEST_.*\.csv(\.gz)?$/i,
  covidx: /^(train|val|test)(_COVIDx.*)?\.txt$/i,
};

/** Tables of which a dataset has several that say the same in other words: one has to be chosen. */
const ALTERNATIVES: readonly ReadyMapping[] = [
  'nih-chest-xray14',
  'rsna-pneumonia',
  'mimic-cxr-jpg',
  'padchest',
];

/** How datasets call what lies beside the table of their images; where there are several, the first one is meant. */
const COMPANIONS: Readonly<
  Partial<Record<ReadyMapping, Readonly<Partial<Record<keyof Companions, readonly RegExp[]>>>>>
> = {
  'mimic-cxr-jpg': {
    labels: [/^mimic-cxr-.*-chexpert\.csv(\.gz)?$/i, /^mimic-cxr-.*-negbio\.csv(\.gz)?$/i],
    metadata: [/^mimic-cxr-.*-metadata\.csv(\.gz)?$/i],
  },
  'rsna-pneumonia': { nihImages: [/^pneumonia-challenge-dataset-mappings.*\.json$/i] },
};

const ANY_TABLE = /\.(csv|csv\.gz|tsv)$/i;

/** The tables of a dataset. */
export interface FoundTables {
  readonly files: readonly string[];
  readonly companions: Companions;
  /** What was found beside the tables, for the report: `labels of mimic-cxr-2.0.0-chexpert.csv.gz`. */
  readonly notes: readonly string[];
}

/**
 * Finds the tables that `--mapping` reads: those of `--manifest`, or what the dataset calls them in `data` and the folders in
 * it. What lies beside them is looked for there, too, and in the folders of `--manifest`.
 *
 * @throws {InvalidArgumentError} Where there is none, or several to choose from.
 */
export async function findTables(
  mapping: string,
  { data, manifest }: { readonly data: string; readonly manifest?: readonly string[] | undefined },
): Promise<FoundTables> {
  const near = await listNear(data, (manifest ?? []).map(dirname));
  if (!isReady(mapping)) {
    const own = near.filter((file) => dirname(file) === join(data) && ANY_TABLE.test(file));
    return { files: manifest ?? [onlyOne(own, `${data} holds`)], companions: {}, notes: [] };
  }
  const called = near.filter((file) => TABLES[mapping].test(basename(file)));
  return { files: manifest ?? chosen(mapping, data, called), ...(await companionsOf(mapping, near)) };
}

/** Files of these folders, and of the folders in the first one. */
async function listNear(data: string, others: readonly string[]): Promise<string[]> {
  const inside = await readdir(data, { withFileTypes: true }).catch(() => []);
  const folders = inside.filter((entry) => entry.isDirectory()).map(({ name }) => join(data, name));
  const all = new Set([data, ...others, ...folders].map((folder) => join(folder)));
  const listed = await Promise.all(
    [...all].map(async (folder) => {
      const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
      return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => join(folder, name));
    }),
  );
  return listed.flat().sort();
}

function chosen(mapping: ReadyMapping, data: string, called: readonly string[]): string[] {
  const names = called.map((file) => basename(file));
  const areAlternatives = ALTERNATIVES.includes(mapping) || new Set(names).size < names.length;
  if (called.length > 0 && !areAlternatives) return [...called];
  return [onlyOne(called, `${data} holds, by the names that ${mapping} gives them,`)];
}

async function companionsOf(
  mapping: ReadyMapping,
  near: readonly string[],
): Promise<Pick<FoundTables, 'companions' | 'notes'>> {
  const companions: Partial<Record<keyof Companions, ManifestTable>> = {};
  const notes: string[] = [];
  for (const [use, patterns] of Object.entries(COMPANIONS[mapping] ?? {})) {
    const file = patterns
      .map((pattern) => near.find((one) => pattern.test(basename(one))))
      .find((one) => one !== undefined);
    if (file === undefined) continue;
    companions[use as keyof Companions] = { name: basename(file), text: await readTableText(file) };
    notes.push(`${use === 'nihImages' ? 'patients' : use} of ${basename(file)}`);
  }
  if (mapping === 'mimic-cxr-jpg' && companions.labels === undefined) {
    throw new InvalidArgumentError({
      argument: '--manifest',
      expected:
        'the split table in one folder with mimic-cxr-2.0.0-chexpert.csv.gz (or negbio), which has the findings',
      received: near.filter((file) => ANY_TABLE.test(file)),
    });
  }
  return { companions, notes };
}

function onlyOne(tables: readonly string[], where: string): string {
  if (tables.length === 1) return tables[0]!;
  throw new InvalidArgumentError({
    argument: '--manifest',
    expected: `given, because ${where} ${tables.length === 0 ? 'no table' : 'several tables'}`,
    received: tables,
  });
}
