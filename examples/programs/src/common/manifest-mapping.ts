import { InvalidArgumentError } from 'xray-core';
import { chexpertMapping, columnMapping, type ManifestMapping, nihMapping, rsnaMapping } from 'xray-dataset';
import { type DatasetFlags, READY_MAPPINGS } from './dataset-flags.js';

const COLUMN_KEYS = ['image', 'finding', 'patient', 'view', 'separator'] as const;

/**
 * What `--mapping` and the flags beside it mean.
 *
 * @throws {InvalidArgumentError} Naming the flag.
 */
export function mappingOf(
  mapping: string,
  { uncertain, findings }: Pick<DatasetFlags, 'uncertain' | 'findings'>,
): ManifestMapping {
  if (uncertain && mapping !== 'chexpert') throw onlyWith('--uncertain', '--mapping chexpert', uncertain);
  if (mapping.includes('=')) return columnsOf(mapping, findings);
  if (findings) throw onlyWith('--findings', '--mapping with columns', findings);
  if (mapping === 'nih-chest-xray14') return nihMapping();
  if (mapping === 'rsna-pneumonia') return rsnaMapping();
  if (mapping !== 'chexpert') {
    throw new InvalidArgumentError({
      argument: '--mapping',
      expected: `one of ${READY_MAPPINGS.join(', ')}, or columns as in image=file,finding=label`,
      received: mapping,
    });
  }
  if (uncertain) return chexpertMapping({ uncertain });
  throw new InvalidArgumentError({
    argument: '--uncertain',
    expected: 'positive, negative or exclude with --mapping chexpert: the results depend on it',
    received: uncertain,
  });
}

function columnsOf(text: string, findings: string | undefined): ManifestMapping {
  const columns = pairsOf('--mapping', text);
  const unknown = Object.keys(columns).find((key) => !COLUMN_KEYS.some((known) => known === key));
  const { image, finding, patient, view, separator } = columns;
  if (unknown !== undefined || !image || !finding) {
    throw new InvalidArgumentError({
      argument: '--mapping',
      expected: `columns for image and finding, and for ${COLUMN_KEYS.slice(2).join(', ')} where there are`,
      received: text,
    });
  }
  return columnMapping({
    image,
    finding,
    ...(patient ? { patientId: patient } : {}),
    ...(view ? { view } : {}),
    ...(separator ? { separator } : {}),
    ...(findings ? { findings: pairsOf('--findings', findings) } : {}),
  });
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
