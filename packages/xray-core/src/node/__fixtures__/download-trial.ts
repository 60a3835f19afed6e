import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import type { ProgressEvent } from '../../progress.js';
import { createRandom } from '../../random.js';
import { DownloadError } from '../download-error.js';
import { type DownloadedFile, type DownloadOptions, downloadFile } from '../download-file.js';
import { type Behaviour, type ServedFile, serveUnreliably, type UnreliableServer } from './unreliable-server.js';

const random = createRandom(11);
/** What is served unless told otherwise. */
export const BODY = Uint8Array.from({ length: 300_000 }, () => random.integer(0, 256));
/** Of the same length. */
export const OTHER = BODY.map((byte) => byte ^ 1);
export const hex = (algorithm: 'sha256' | 'md5', bytes: Uint8Array) =>
  createHash(algorithm).update(bytes).digest('hex');
export const CHECKSUM = { algorithm: 'sha256', value: hex('sha256', BODY) } as const;
export const ETAG = '"v1"';

/** One download of a test, and the server that it is from. */
export interface DownloadTrial {
  /** Empty at first. */
  folder: string;
  /** In it; does not exist at first. */
  file: string;
  server: UnreliableServer;
  events: ProgressEvent[];
  /** Serves `BODY`, misbehaving as told at each request and well after that, or at every request. */
  serve(
    behaviours?: readonly Behaviour[] | ((request: number) => Behaviour),
    served?: Partial<ServedFile>,
  ): Promise<void>;
  download(options?: Partial<DownloadOptions>): Promise<DownloadedFile>;
  /** Expects the download to fail. */
  failure(options?: Partial<DownloadOptions>): Promise<DownloadError>;
  /** Why attempts were repeated. */
  problems(): string[];
  /** Expects `BODY` in the file, and nothing beside it. */
  expectWhole(): Promise<void>;
}

/** A trial for the tests of a file, made anew before and cleared away after each. */
export function setUpDownloads(): DownloadTrial {
  const trial: DownloadTrial = {
    ...{ folder: '', file: '', server: undefined as unknown as UnreliableServer, events: [] },
    async serve(behaviours = [], served = {}) {
      const behaviourOf =
        typeof behaviours === 'function' ? behaviours : (request: number) => behaviours[request] ?? {};
      trial.server = await serveUnreliably({ body: BODY, etag: ETAG, ...served }, behaviourOf);
    },
    download: (options) =>
      downloadFile({
        ...{ url: trial.server.url, file: trial.file, retryDelay: 1 },
        onProgress(event) {
          trial.events.push(event);
          if (event.type === 'download') trial.server.arrived(event.done);
        },
        ...options,
      }),
    async failure(options) {
      const error = await trial.download(options).catch((error: unknown) => error);
      expect(error).toBeInstanceOf(DownloadError);
      return error as DownloadError;
    },
    problems: () =>
      trial.events.flatMap((event) => (event.type === 'download-retry' ? [event.problem] : [])),
    async expectWhole() {
      expect((await readFile(trial.file)).equals(BODY)).toBe(true);
      expect(await readdir(trial.folder)).toEqual(['data.bin']);
    },
  };
  beforeEach(async () => {
    trial.folder = await mkdtemp(join(tmpdir(), 'xray-download-'));
    trial.file = join(trial.folder, 'data.bin');
    trial.events = [];
  });
  afterEach(async () => {
    await trial.server?.close();
    await rm(trial.folder, { recursive: true });
  });
  return trial;
}
