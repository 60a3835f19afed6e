import { readFile } from 'node:fs/promises';
import { FileError } from 'xray-core';
import type { CatalogEntry } from 'xray-dataset';

/** What an entry must have, and how to tell. */
const FIELDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  name: (value) => /^[\w-][\w.-]*$/.test(String(value)),
  title: isText,
  format: (value) => value === 'medmnist' || value === 'zip',
  'file.name': (value) => /^[\w-][\w.-]*$/.test(String(value)),
  'file.url': isText,
  'file.checkedBy': isText,
  source: isText,
  'licence.name': isText,
  'licence.url': isText,
  citations: isTextList,
  findings: isTextList,
  counts: (value) => typeof value === 'object' && value !== null,
  notes: isText,
};

/**
 * Reads descriptions of datasets that are not in the catalog: a JSON list of entries as in `DATASET_CATALOG`.
 *
 * @throws {FileError} If it cannot be read or an entry lacks something.
 */
export async function readCatalog(file: string): Promise<CatalogEntry[]> {
  let entries: unknown;
  try {
    entries = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new FileError({
      file,
      problem: 'could not be read, expected a JSON list of datasets',
      cause: error,
    });
  }
  if (!Array.isArray(entries)) throw new FileError({ file, problem: 'is no JSON list of datasets' });
  entries.forEach((entry, index) => {
    for (const [field, isValid] of Object.entries(FIELDS)) {
      if (isValid(valueAt(entry, field))) continue;
      const problem = `dataset ${index + 1} has no usable ${field}, received ${JSON.stringify(valueAt(entry, field))}`;
      throw new FileError({ file, problem, fix: 'Describe it like an entry of DATASET_CATALOG.' });
    }
  });
  return entries as CatalogEntry[];
}

function valueAt(entry: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], entry);
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isText);
}
