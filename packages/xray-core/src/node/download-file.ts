import { rename, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Checksum, HashAlgorithm } from '../checksum.js';
import { AbortedError, InvalidArgumentError, throwIfAborted } from '../errors.js';
import type { ProgressCallback } from '../progress.js';
import { checkWholeNumber } from '../whole-number.js';
import { writeError } from './atomic-file.js';
import { AttemptFailure, attemptDownload } from './download-attempt.js';
import { DownloadError } from './download-error.js';
import { claimPart, type DownloadPart } from './download-part.js';
import { hashFile } from './hash-file.js';

/** Options of `downloadFile`. */
export interface DownloadOptions {
  /** An `http:` or `https:` address. */
  readonly url: string;
  /** Path of the file to write. */
  readonly file: string;
  /** Expected length in bytes. @default what the server announces */
  readonly size?: number | undefined;
  /** Expected content. @default not checked */
  readonly checksum?: Checksum | undefined;
  /** Attempts after the first that may fail in a row without bringing a megabyte. @default 5 */
  readonly retries?: number | undefined;
  /** Before the second attempt, in milliseconds; doubled every time, at most half a minute. @default 1000 */
  readonly retryDelay?: number | undefined;
  /** How long to wait for the next bytes, in milliseconds. @default 30000 */
  readonly stallTimeout?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ProgressCallback | undefined;
}

/** A file that is there, whole and checked. */
export interface DownloadedFile {
  readonly file: string;
  /** In bytes. */
  readonly size: number;
  /** Of its content, as hexadecimal text. */
  readonly sha256: string;
  /** False if the file was there already and nothing had to be fetched. */
  readonly isNew: boolean;
}

/**
 * Downloads a file, so that it is there whole or not at all. Broken connections, stalls and the statuses 408, 429 and
 * 5xx are tried again. What has arrived is kept in a hidden folder beside the file and continued, by this call or the
 * next, if the server still has the same file: it must confirm its ETag or date, or a checksum must be given. The file
 * is hashed as it is on disk before it gets its name. Processes that download the same file do not disturb each other.
 *
 * A file that is already there is used if it has the expected checksum, or the expected size where no checksum is
 * given; otherwise it is replaced, once the new one is whole.
 *
 * @throws {DownloadError} If the server or the network fails; `reason` says how. Content with a wrong checksum or length
 *   is removed.
 * @throws {FileError} If the file cannot be written, for example because the disk is full.
 * @throws {AbortedError} If `signal` fires. The next call goes on from there.
 *
 * @example
 * await downloadFile({
 *   url: 'https://zenodo.org/records/10519652/files/pneumoniamnist.npz?download=1',
 *   file: 'data/pneumoniamnist.npz',
 *   checksum: { algorithm: 'md5', value: '28209eda62fecd6e6a2d98b1501bb15f' },
 * });
 */
export async function downloadFile(options: DownloadOptions): Promise<DownloadedFile> {
  checkOptions(options);
  const { file, signal } = options;
  throwIfAborted(signal, 'The download');
  const existing = await useExisting(options);
  if (existing) return existing;
  const part = await claimPart(file);
  try {
    const { size, sha256 } = await fetchChecked(options, part);
    await rename(part.content, file).catch((error) => {
      throw writeError(file, error);
    });
    return { file, size, sha256, isNew: true };
  } finally {
    await part.release();
  }
}

async function useExisting(options: DownloadOptions): Promise<DownloadedFile | undefined> {
  const { file, size, checksum, signal } = options;
  const facts = await stat(file).catch(() => undefined);
  if (facts?.isDirectory())
    throw writeError(file, Object.assign(new Error('is a folder'), { code: 'EISDIR' }));
  if (!facts || (size === undefined && checksum === undefined)) return undefined;
  if (size !== undefined && facts.size !== size) return undefined;
  const hashes = await hashFile(file, algorithmsOf(checksum), { signal });
  if (checksum && hashes[checksum.algorithm] !== checksum.value.toLowerCase()) return undefined;
  return { file, size: facts.size, sha256: hashes.sha256, isNew: false };
}

/** Begins anew, once, if content that was put together of several responses has the wrong checksum. */
async function fetchChecked(
  options: DownloadOptions,
  part: DownloadPart,
): Promise<{ size: number; sha256: string }> {
  const { file, checksum, signal, onProgress } = options;
  for (let isFirst = true; ; isFirst = false) {
    const { attempts, isPieced } = await fetchWithRetries(options, part);
    const size = await part.size();
    const hashes = await hashFile(part.content, algorithmsOf(checksum), { signal });
    const received = checksum && hashes[checksum.algorithm];
    if (!checksum || received === checksum.value.toLowerCase()) return { size, sha256: hashes.sha256 };
    await part.restart();
    const name = checksum.algorithm === 'md5' ? 'MD5' : 'SHA-256';
    const problem = `the content has the ${name} ${received}, expected ${checksum.value}`;
    if (isFirst && isPieced) {
      onProgress?.({ type: 'download-retry', file, problem, delay: 0 });
      continue;
    }
    const details = { reason: 'checksum', problem, expected: checksum.value, received } as const;
    throw new DownloadError({ ...options, ...details, attempts });
  }
}

const algorithmsOf = (checksum: Checksum | undefined): HashAlgorithm[] =>
  checksum?.algorithm === 'md5' ? ['sha256', 'md5'] : ['sha256'];

/** An attempt that brought so many bytes was worth it, and does not count as failed. */
const PROGRESS_BYTES = 2 ** 20;
const MAX_DELAY = 30_000;

async function fetchWithRetries(
  options: DownloadOptions,
  part: DownloadPart,
): Promise<{ attempts: number; isPieced: boolean }> {
  const { file, retries = 5, retryDelay = 1000, onProgress, signal } = options;
  const before = await part.size();
  let most = before;
  let mayContinue = true;
  for (let attempts = 1, failures = 0; ; attempts++) {
    try {
      return { attempts, isPieced: await attemptOnce(options, part, mayContinue) };
    } catch (error) {
      if (!(error instanceof AttemptFailure)) throw error;
      const { details, isTransient, retryAfter = 0 } = error;
      const have = await part.size();
      failures = have >= most + PROGRESS_BYTES ? 0 : failures + 1;
      most = Math.max(most, have);
      mayContinue &&= details.reason !== 'range';
      // A server that could be reached a moment ago will be there again.
      const isHopeful = isTransient || (details.reason === 'unreachable' && most > before);
      if (!isHopeful || failures > retries) throw new DownloadError({ ...options, ...details, attempts });
      const patience = retryDelay * 2 ** Math.max(0, failures - 1);
      const delay = Math.min(MAX_DELAY, Math.max(retryAfter * 1000, patience));
      onProgress?.({ type: 'download-retry', file, problem: details.problem, delay });
      await pause(delay, signal);
    }
  }
}

/** An attempt that ends when nothing arrives for too long. */
async function attemptOnce(
  options: DownloadOptions,
  part: DownloadPart,
  mayContinue: boolean,
): Promise<boolean> {
  const { url, file, size, checksum, stallTimeout = 30_000, signal, onProgress } = options;
  const stall = new AbortController();
  const timer = setTimeout(() => stall.abort(), stallTimeout);
  try {
    return await attemptDownload({
      ...{ url, file, part, size, mayContinue },
      isChecked: checksum !== undefined,
      signal: signal ? AbortSignal.any([signal, stall.signal]) : stall.signal,
      onBytes(done, total) {
        timer.refresh();
        onProgress?.({ type: 'download', file, done, total });
      },
    });
  } catch (error) {
    if (signal?.aborted) throw new AbortedError('The download', signal.reason);
    if (!stall.signal.aborted) throw error;
    const problem = `nothing arrived for ${stallTimeout / 1000} seconds`;
    throw new AttemptFailure({ reason: 'stalled', problem, cause: error }, { isTransient: true });
  } finally {
    clearTimeout(timer);
  }
}

async function pause(delay: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(delay, undefined, signal ? { signal } : {});
  } catch {
    throw new AbortedError('The download', signal?.reason);
  }
}

function checkOptions({ url, size, checksum, retries, retryDelay, stallTimeout }: DownloadOptions): void {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (!address || !['http:', 'https:'].includes(address.protocol) || address.username || address.password)
    throw new InvalidArgumentError({
      argument: 'url',
      expected: 'an http: or https: address without user name and password',
      received: url,
    });
  const digits = checksum?.algorithm === 'md5' ? 32 : 64;
  if (checksum && !new RegExp(`^[0-9a-f]{${digits}}$`, 'i').test(checksum.value))
    throw new InvalidArgumentError({
      argument: 'checksum.value',
      expected: `${digits} hexadecimal digits`,
      received: checksum.value,
    });
  if (size !== undefined) checkWholeNumber('size', size, 0);
  if (retries !== undefined) checkWholeNumber('retries', retries, 0);
  if (retryDelay !== undefined) checkWholeNumber('retryDelay', retryDelay, 0);
  if (stallTimeout !== undefined) checkWholeNumber('stallTimeout', stallTimeout, 1);
}
