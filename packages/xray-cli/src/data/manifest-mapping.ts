import { InvalidArgumentError } from 'xray-core';
import {
  chexpertMapping,
  columnMapping,
  covidxMapping,
  findingColumnsMapping,
  type ManifestMapping,
  type ManifestTable,
  mimicCxrMapping,
  nihMapping,
  padchestMapping,
  rsnaMapping,
  vindrCxrMapping,
  vindrPcxrMapping,
} from 'xray-dataset';
import { type DatasetOptions, READY_MAPPINGS, type ReadyMapping } from './dataset-options.js';

const COLUMN_KEYS = [
  'image',
  'finding',
  'columns',
  'patient',
  'view',
  'split',
  'origin',
  'reader',
  'separator',
] as const;

/** Options beside `mapping`. */
type MappingOptions = Pick<DatasetOptions, 'uncertain' | 'readers' | 'findings'>;

/** Which tables of a dataset lie beside the one that lists its images, by their use. */
export type Companions = Readonly<Partial<Record<'labels' | 'metadata' | 'nihImages', ManifestTable>>>;

/** Mappings with findings that are there, not there or uncertain. */
const WITH_UNCERTAIN: readonly string[] = ['chexpert', 'mimic-cxr-jpg'] satisfies ReadyMapping[];

/**
 * What `--mapping` and the flags beside it mean.
 *
 * @param companions - See `findTables`.
 * @throws {InvalidArgumentError} Naming the flag.
 */
export function mappingOf(
  mapping: string,
  flags: MappingOptions,
  companions: Companions = {},
): ManifestMapping {
  const { uncertain, readers, findings } = flags;
  if (mapping.includes('=')) return columnsOf(mapping, flags);
  if (!isReady(mapping)) {
    throw new InvalidArgumentError({
      argument: '--mapping',
      expected: `one of ${READY_MAPPINGS.join(', ')}, or columns as in image=file,finding=label`,
      received: mapping,
    });
  }
  if (findings) throw onlyWith('--findings', '--mapping with columns', findings);
  if (uncertain && !WITH_UNCERTAIN.includes(mapping))
    throw onlyWith('--uncertain', '--mapping chexpert, mimic-cxr-jpg or columns=...', uncertain);
  if (readers && mapping !== 'vindr-cxr')
    throw onlyWith('--readers', '--mapping vindr-cxr or reader=...', readers);
  return readyMapping(mapping, flags, companions);
}

/** Whether `--mapping` names a dataset. */
export function isReady(mapping: string): mapping is ReadyMapping {
  return READY_MAPPINGS.some((ready) => ready === mapping);
}

function readyMapping(
  mapping: ReadyMapping,
  { uncertain, readers }: MappingOptions,
  { labels, metadata, nihImages }: Companions,
): ManifestMapping {
  switch (mapping) {
    case 'nih-chest-xray14':
      return nihMapping();
    case 'rsna-pneumonia':
      return rsnaMapping({ nihImages });
    case 'chexpert':
      return chexpertMapping({ uncertain: needed(uncertain, mapping) });
    case 'mimic-cxr-jpg':
      return mimicCxrMapping({ labels: labels!, metadata, uncertain: needed(uncertain, mapping) });
    case 'vindr-cxr':
      return vindrCxrMapping({ readers });
    case 'vindr-pcxr':
      return vindrPcxrMapping();
    case 'padchest':
      return padchestMapping();
    case 'covidx':
      return covidxMapping();
  }
}

function needed<Policy>(uncertain: Policy | undefined, mapping: ReadyMapping): Policy {
  if (uncertain !== undefined) return uncertain;
  throw new InvalidArgumentError({
    argument: '--uncertain',
    expected: `positive, negative or exclude with --mapping ${mapping}: the results depend on it`,
    received: uncertain,
  });
}

function columnsOf(text: string, { uncertain, readers, findings }: MappingOptions): ManifestMapping {
  const { pairs, separator } = pairsAndSeparator(text);
  const unknown = Object.keys(pairs).find((key) => !COLUMN_KEYS.some((known) => known === key));
  const { image, finding, columns, patient, view, split, origin, reader } = pairs;
  const isComplete = image && (finding === undefined) !== (columns === undefined);
  if (unknown !== undefined || !isComplete) {
    throw new InvalidArgumentError({
      argument: '--mapping',
      expected: `columns for image and either finding or columns, and for ${COLUMN_KEYS.slice(3).join(', ')} where there are`,
      received: text,
    });
  }
  const common = { image, patientId: patient, view, split, origin };
  const names = findings ? pairsOf('--findings', findings) : undefined;
  if (columns !== undefined) {
    if (separator !== undefined) throw onlyWith('separator', 'finding=...', separator);
    if (readers && reader === undefined) throw onlyWith('--readers', 'reader=...', readers);
    const list = columns.split('+').map((column) => column.trim());
    return findingColumnsMapping({ ...common, columns: list, findings: names, uncertain, reader, readers });
  }
  if (uncertain) throw onlyWith('--uncertain', '--mapping chexpert, mimic-cxr-jpg or columns=...', uncertain);
  if (readers ?? reader) throw onlyWith(readers ? '--readers' : 'reader', 'columns=...', readers ?? reader!);
  return columnMapping({ ...common, finding: finding!, separator, findings: names });
}

/** `a=b,c=d,separator=,` taken apart: the separator may be a comma, and is then the last one. */
function pairsAndSeparator(text: string): { pairs: Record<string, string>; separator: string | undefined } {
  const [given, separator] = /(?:^|,)separator=(,|[^,]+)(?=,|$)/.exec(text) ?? [];
  if (given === undefined) return { pairs: pairsOf('--mapping', text), separator };
  const rest = text.replace(given, '').replace(/^,/, '');
  return { pairs: pairsOf('--mapping', rest), separator };
}

/** `a=b,c=d` as an object. */
function pairsOf(argument: string, text: string): Record<string, string> {
  const pairs = text.split(',').map((part) => {
    const [key = '', ...value] = part.split('=');
    return [key.trim(), value.join('=').trim()] as const;
  });
  if (pairs.some(([key, value]) => key === '' || value === '')) {
    throw new InvalidArgumentError({
      argument,
      expected: 'pairs as in name=value,name=value',
      received: text,
    });
  }
  return Object.fromEntries(pairs);
}

function onlyWith(argument: string, flag: string, received: string): InvalidArgumentError {
  return new InvalidArgumentError({ argument, expected: `left out without ${flag}`, received });
}
