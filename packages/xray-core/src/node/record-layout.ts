import { hash } from 'node:crypto';
import { FileError } from '../errors.js';

/** What records are, and what they were made of. A reader refuses a file that differs in any of it. */
export interface RecordKind {
  /** For example `xray-pixels`. */
  readonly kind: string;
  /** Whole number, raised with every incompatible change. */
  readonly version: number;
  /** Stands for everything the records depend on, such as a SHA-256 of inputs and options. */
  readonly key: string;
}

/** Records and their size. */
export interface RecordSpec extends RecordKind {
  /** Bytes of each record. */
  readonly recordBytes: number;
  /** Number of places; some may stay empty. */
  readonly count: number;
}

/** @internal End of the file, as JSON. */
export interface RecordFooter extends RecordSpec {
  readonly facts: unknown;
  /** SHA-256 of the table of checksums. */
  readonly checksums: string;
}

/**
 * @internal A record file is a line with the format's name, `count` records, a table with the SHA-256 of each (zeros:
 * empty place), the footer as JSON, and the trailer, a line of fixed length: the name again, length and SHA-256 of the
 * footer. It is written from front to back except for the records, which come in any order.
 */
export const FORMAT = 'XRAYRECORDS1';
/** @internal */
export const LEAD = `${FORMAT}\n`;
/** @internal */
export const CHECKSUM_BYTES = 32;
/** @internal */
export const TRAILER_BYTES = trailerOf(0, '0'.repeat(64)).length;

/** @internal */
export function trailerOf(footerBytes: number, footerHash: string): string {
  return `${FORMAT} ${String(footerBytes).padStart(12, '0')} ${footerHash}\n`;
}

/** @internal Where the parts of a file lie, in bytes. */
export function recordOffsets({ recordBytes, count }: Pick<RecordSpec, 'recordBytes' | 'count'>) {
  const table = LEAD.length + count * recordBytes;
  return {
    record: (index: number): number => LEAD.length + index * recordBytes,
    table,
    footer: table + count * CHECKSUM_BYTES,
  };
}

/** @internal SHA-256, `CHECKSUM_BYTES` long. */
export function checksumOf(bytes: Uint8Array): Buffer {
  return hash('sha256', bytes, 'buffer');
}

/**
 * Why a record file cannot be used:
 *
 * - `missing`: there is none.
 * - `outdated`: it holds other records: another kind, version or key.
 * - `damaged`: it is truncated or corrupt.
 * - `foreign`: another program's file lies there, which is not to be overwritten.
 */
export type RecordFileProblem = 'missing' | 'outdated' | 'damaged' | 'foreign';

/** A record file that cannot be used. Code `bad-file`; `reason` says whether making it again helps. */
export class RecordFileError extends FileError {
  readonly reason: RecordFileProblem;

  constructor(details: { file: string; reason: RecordFileProblem; problem: string; cause?: unknown }) {
    const fix = {
      missing: 'Make it first.',
      outdated: 'Make it again, or use the packages and inputs it was made with.',
      damaged: 'Make it again; the file changed after it was written.',
      foreign: 'Choose another name.',
    };
    super({ ...details, fix: fix[details.reason] });
    this.reason = details.reason;
  }
}
