import { AbortedError, FileError } from 'xray-core';

/** A file as bytes: read from a folder, picked by a user, or part of a program. */
export interface FileBytes {
  /** Path or name, for errors. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Options of functions that read a file. */
export interface ReadOptions {
  /** Stops a download with an `AbortedError`. */
  signal?: AbortSignal | undefined;
}

/**
 * Gives the file at a URL, or the one that is given.
 *
 * @throws {FileError} If the URL cannot be fetched or answers with an error.
 * @throws {AbortedError} Once `signal` has fired.
 */
export async function fetchFile(file: FileBytes | URL, { signal }: ReadOptions = {}): Promise<FileBytes> {
  if (!(file instanceof URL)) return file;
  const name = file.href;
  try {
    const response = await fetch(file, signal ? { signal } : {});
    if (!response.ok) {
      const fix = 'Check the address, or download the file and give its bytes.';
      throw new FileError({ file: name, problem: `the server answers ${response.status}`, fix });
    }
    return { name, bytes: new Uint8Array(await response.arrayBuffer()) };
  } catch (error) {
    if (error instanceof FileError) throw error;
    if (signal?.aborted) throw new AbortedError(`Fetching ${name}`, signal.reason);
    const fix = 'Download it where there is a network, and give its bytes.';
    throw new FileError({ file: name, problem: 'cannot be fetched', fix, cause: error });
  }
}
