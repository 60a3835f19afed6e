import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { FileError } from '../errors.js';
import { writeFileAtomic } from './atomic-file.js';

/** What a store holds and in which version of its layout; a reader refuses anything else. */
export interface StoreKind {
  /** For example `xray-checkpoint`. */
  readonly kind: string;
  /** Whole number, raised with every incompatible change. */
  readonly version: number;
}

/** JSON facts and named blocks of bytes. */
export interface ChecksummedStore {
  readonly facts: unknown;
  readonly blocks: Readonly<Record<string, Uint8Array>>;
}

interface StoreHeader extends StoreKind {
  readonly facts: unknown;
  readonly blocks: readonly { readonly name: string; readonly bytes: number }[];
  /** SHA-256 of all blocks, in order. */
  readonly sha256: string;
}

const MAGIC = 'XRAYSTORE1\n';

/**
 * Writes JSON facts and blocks of bytes into one file, atomically. Layout: a line with the format's name, a
 * line with the header's byte length and SHA-256, the header as JSON, then the blocks without gaps.
 *
 * @throws {FileError} If the file cannot be written; an older one is then still whole.
 */
export async function writeStore(file: string, kind: StoreKind, store: ChecksummedStore): Promise<void> {
  const blocks = Object.entries(store.blocks);
  const hash = createHash('sha256');
  for (const [, bytes] of blocks) hash.update(bytes);
  const header: StoreHeader = {
    ...kind,
    facts: store.facts,
    blocks: blocks.map(([name, bytes]) => ({ name, bytes: bytes.byteLength })),
    sha256: hash.digest('hex'),
  };
  const headerBytes = Buffer.from(JSON.stringify(header));
  const lead = `${MAGIC}${headerBytes.byteLength} ${sha256(headerBytes)}\n`;
  await writeFileAtomic(file, [lead, headerBytes, ...blocks.map(([, bytes]) => bytes)]);
}

/**
 * Reads what `writeStore` wrote and checks size, checksums, kind and version before returning anything.
 *
 * @throws {FileError} If the file is missing, of another kind or version, truncated or corrupt.
 */
export async function readStore(file: string, kind: StoreKind): Promise<ChecksummedStore> {
  let content: Buffer;
  try {
    content = await readFile(file);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new FileError({ file, problem: missing ? 'does not exist' : 'could not be read', cause: error });
  }
  const fail = (problem: string): never => {
    throw new FileError({
      file,
      problem,
      fix: 'Delete it and make it again; the file changed after it was written.',
    });
  };
  if (content.subarray(0, MAGIC.length).toString('latin1') !== MAGIC) {
    throw new FileError({ file, problem: `is not a ${kind.kind} file` });
  }
  const lineEnd = content.indexOf('\n', MAGIC.length);
  const [headerLength, headerHash] = content
    .subarray(MAGIC.length, lineEnd < 0 ? undefined : lineEnd)
    .toString('latin1')
    .split(' ');
  const headerEnd = lineEnd + 1 + Number(headerLength);
  const headerBytes = content.subarray(lineEnd + 1, headerEnd);
  if (lineEnd < 0 || headerBytes.byteLength !== Number(headerLength) || sha256(headerBytes) !== headerHash) {
    fail('is truncated or corrupt (its header does not match its checksum)');
  }
  const header = JSON.parse(headerBytes.toString('utf8')) as StoreHeader;
  if (header.kind !== kind.kind || header.version !== kind.version) {
    throw new FileError({
      file,
      problem: `holds ${header.kind} version ${header.version}, expected ${kind.kind} version ${kind.version}`,
      fix: 'Make it again with the installed version of the packages.',
    });
  }
  const body = content.subarray(headerEnd);
  const expectedBytes = header.blocks.reduce((sum, block) => sum + block.bytes, 0);
  if (body.byteLength !== expectedBytes) {
    fail(`is truncated or has extra bytes (${body.byteLength} bytes of data, expected ${expectedBytes})`);
  }
  if (sha256(body) !== header.sha256) fail('is corrupt (its data does not match its SHA-256)');

  const blocks: Record<string, Uint8Array> = {};
  let offset = 0;
  for (const { name, bytes } of header.blocks) {
    // A copy: typed arrays over it need an aligned start.
    blocks[name] = Uint8Array.prototype.slice.call(body, offset, offset + bytes);
    offset += bytes;
  }
  return { facts: header.facts, blocks };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
