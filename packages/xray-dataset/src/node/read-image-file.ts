import { readFile } from 'node:fs/promises';
import { FileError } from 'xray-core';

const CODES: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EISDIR: 'is a folder, expected an image',
  EACCES: 'could not be read for lack of permission',
};

/** @internal Bytes of a file; errors name it. */
export async function readImageFile(file: string): Promise<Buffer> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw new FileError({ file, problem: CODES[code] ?? `could not be read (${code})`, cause: error });
  }
  if (bytes.byteLength === 0) throw new FileError({ file, problem: 'is empty' });
  return bytes;
}
