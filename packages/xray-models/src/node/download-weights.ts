import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { FileError, InvalidArgumentError, type ProgressCallback } from 'xray-core';
import { DownloadError, downloadFile } from 'xray-core/node';
import type { FileBytes } from '../weights/file-bytes.js';
import {
  PRETRAINED_FILES,
  type PretrainedFile,
  type PretrainedFileName,
} from '../weights/pretrained-files.js';
import { readFileBytes } from './read-file-bytes.js';

/** Options of `downloadWeights`. */
export interface DownloadWeightsOptions {
  /**
   * Where the files are kept.
   *
   * @default where Keras keeps them: `models` in `KERAS_HOME`, or in `.keras` of the home folder
   */
  folder?: string | undefined;
  /** Attempts after the first one. @default 5 */
  retries?: number | undefined;
  /** Stops the download with an `AbortedError`; the next one goes on from there. */
  signal?: AbortSignal | undefined;
  /** Gets `download` and `download-retry` events. */
  onProgress?: ProgressCallback | undefined;
}

/**
 * Gets pretrained weights: from the folder if they are there, else from their publisher. Either way the content is checked
 * against the published MD5. A broken download is tried again, and continued by the next call.
 *
 * @param file - A name in `PRETRAINED_FILES`, or a description of another file.
 * @throws {FileError} If they are not in the folder, or not whole, and cannot be downloaded, with what to put where.
 * @throws {DownloadError} If the download breaks off or gives another content.
 *
 * @example
 * loadPretrainedWeights(base, await readKerasWeights(await downloadWeights('inception-v3-imagenet')));
 */
export async function downloadWeights(
  file: PretrainedFileName | PretrainedFile,
  { folder = kerasFolder(), retries = 5, signal, onProgress }: DownloadWeightsOptions = {},
): Promise<FileBytes> {
  const described: PretrainedFile | undefined = typeof file === 'string' ? PRETRAINED_FILES[file] : file;
  if (!described) {
    const expected = `one of ${Object.keys(PRETRAINED_FILES).join(', ')}`;
    throw new InvalidArgumentError({ argument: 'file', expected, received: file });
  }
  const { url, md5, fileName } = described;
  const path = join(folder, fileName);
  try {
    const checksum = { algorithm: 'md5', value: md5 } as const;
    await downloadFile({ url, file: path, checksum, retries, signal, onProgress });
  } catch (error) {
    const isOffline =
      error instanceof DownloadError && (error.reason === 'unreachable' || error.reason === 'status');
    if (!isOffline) throw error;
    const what = existsSync(path) ? 'is truncated or another file' : 'is not there';
    throw new FileError({
      file: path,
      problem: `${what}, and ${url} cannot be downloaded`,
      fix: `Download it where there is a network and put it there. Its MD5 is ${md5}.`,
      cause: error,
    });
  }
  return readFileBytes(path);
}

function kerasFolder(): string {
  return join(process.env.KERAS_HOME ?? join(homedir(), '.keras'), 'models');
}
