import { XrayError } from '../errors.js';

/**
 * Why a download failed:
 *
 * - `unreachable`: no connection to the server.
 * - `status`: the server answered with another status than success.
 * - `interrupted`: the connection broke, or the content ended too early.
 * - `stalled`: nothing arrived for too long.
 * - `range`: the server sent other bytes than the missing ones.
 * - `length`: the file is longer or shorter than expected.
 * - `checksum`: the file has the right length and other content.
 */
export type DownloadProblem =
  | 'unreachable'
  | 'status'
  | 'interrupted'
  | 'stalled'
  | 'range'
  | 'length'
  | 'checksum';

/** @internal What is known of a failed attempt. */
export interface DownloadFailureDetails {
  readonly reason: DownloadProblem;
  /** Without file and address. */
  readonly problem: string;
  readonly expected?: string | number | undefined;
  readonly received?: string | number | undefined;
  readonly cause?: unknown;
}

/** A file could not be downloaded. Code `download-failed`; nothing is at its place that was not there before. */
export class DownloadError extends XrayError {
  readonly url: string;
  /** Where the file was to be. */
  readonly file: string;
  readonly reason: DownloadProblem;
  /** Status, length or checksum, where the problem is one of them. */
  readonly expected: string | number | undefined;
  readonly received: string | number | undefined;
  readonly attempts: number;

  /** @internal */
  constructor(details: DownloadFailureDetails & { url: string; file: string; attempts: number }) {
    const { url, file, reason, problem, expected, received, attempts, cause } = details;
    const tried = attempts > 1 ? ` after ${attempts} attempts` : '';
    super('download-failed', `${url}: ${problem}${tried}. ${fixOf(reason, file)}`, { cause });
    this.url = url;
    this.file = file;
    this.reason = reason;
    this.expected = expected;
    this.received = received;
    this.attempts = attempts;
  }
}

function fixOf(reason: DownloadProblem, file: string): string {
  if (reason === 'checksum' || reason === 'length' || reason === 'range')
    return 'The file changed at its source, or something on the way changes it. Nothing of it was kept.';
  if (reason === 'unreachable')
    return (
      'Check the address and the network. Behind a proxy set NODE_USE_ENV_PROXY=1 and HTTPS_PROXY (Node 24), ' +
      `or download the file by other means and put it at ${file}.`
    );
  if (reason === 'status')
    return `Check the address, or download the file by other means and put it at ${file}.`;
  return 'Run again: what has arrived is kept and continued.';
}
