import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { FileError } from 'xray-core';

/** More than any table of a public dataset has, and less than a string can hold. */
const MAX_BYTES = 500e6;

/**
 * Reads a text file that labels images: UTF-8, or UTF-16 with a byte order mark, as spreadsheets write it, gzipped or not.
 *
 * @returns Text without a byte order mark.
 * @throws {FileError} If the file is missing or unreadable, is no such text, or has more than 500 MB of it.
 *
 * @example
 * const csv = await readTableText('mimic-cxr-2.0.0-split.csv.gz');
 */
export async function readTableText(file: string): Promise<string> {
  const bytes = await unpacked(file, await readBytes(file));
  if (bytes.length > MAX_BYTES) throw tooLarge(file);
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new FileError({
      file,
      problem: 'is no UTF-8 text',
      fix: 'Export it again as "CSV UTF-8", and check that it is a table.',
      cause,
    });
  }
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const isMissing = code === 'ENOENT';
    throw new FileError({
      file,
      problem: `${isMissing ? 'does not exist' : `could not be read (${code})`}, expected a CSV table of the images`,
      cause: error,
    });
  }
}

async function unpacked(file: string, bytes: Uint8Array): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: MAX_BYTES });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(file);
    throw new FileError({ file, problem: 'is a damaged gzip file', fix: 'Download it again.', cause });
  }
}

function tooLarge(file: string): FileError {
  return new FileError({
    file,
    problem: `holds more than ${MAX_BYTES / 1e6} MB of text, expected a CSV table of the images`,
    fix: 'Remove columns that are not needed, or divide it.',
  });
}
