import { close, open, read } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { FileError } from 'xray-core';

const CODES: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EISDIR: 'is a folder, expected an image',
  EACCES: 'could not be read for lack of permission',
};

/** More than JPEG files have in front of their pixels, but for some with large thumbnails or profiles. */
const HEAD_BYTES = 1 << 16;

/** The start of a file. */
export interface ImageHead {
  readonly bytes: Buffer;
  /** There is no more. */
  readonly isWhole: boolean;
}

/** @internal Bytes of a file; errors name it. */
export function readImageFile(file: string): Promise<Buffer> {
  return explained(file, async () => notEmpty(file, await readFile(file)));
}

/** @internal The first bytes of a file, which tell what it is; errors name it. */
export function readImageHead(file: string): Promise<ImageHead> {
  return explained(file, async () => {
    const bytes = notEmpty(file, await readHead(file));
    return { bytes, isWhole: bytes.length < HEAD_BYTES };
  });
}

async function explained<Result>(file: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof FileError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw new FileError({ file, problem: CODES[code] ?? `could not be read (${code})`, cause: error });
  }
}

function notEmpty(file: string, bytes: Buffer): Buffer {
  if (bytes.length === 0) throw new FileError({ file, problem: 'is empty' });
  return bytes;
}

/** By callbacks, since promises of `node:fs` take longer and every image goes through here. */
function readHead(file: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    open(file, (error, descriptor) => {
      if (error) return reject(error);
      const buffer = Buffer.allocUnsafe(HEAD_BYTES);
      const readFrom = (start: number) => {
        read(descriptor, buffer, start, HEAD_BYTES - start, null, (error, count) => {
          if (!error && count > 0 && start + count < HEAD_BYTES) return readFrom(start + count);
          close(descriptor, () => {
            // Nothing was written, so nothing can be lost.
          });
          if (error) reject(error);
          else resolve(buffer.subarray(0, start + count));
        });
      };
      readFrom(0);
    });
  });
}
