import { type FileHandle, open } from 'node:fs/promises';
import { writeError } from './atomic-file.js';
import type { DownloadFailureDetails } from './download-error.js';
import type { DownloadPart, PartSource } from './download-part.js';

/** @internal One request for the bytes of a file that are still missing. */
export interface AttemptOptions {
  readonly url: string;
  readonly file: string;
  readonly part: DownloadPart;
  readonly size: number | undefined;
  /** Whether a checksum will tell what was continued wrongly. */
  readonly isChecked: boolean;
  /** False if the server is known to send wrong ranges. */
  readonly mayContinue: boolean;
  /** Fires on an abort and when the server stalls. */
  readonly signal: AbortSignal;
  /** Called when something arrived. */
  readonly onBytes: (done: number, total: number | undefined) => void;
}

/** @internal An attempt that failed; the next one may do better if it `isTransient`. */
export class AttemptFailure extends Error {
  readonly isTransient: boolean;
  /** Seconds that the server asks to wait. */
  readonly retryAfter: number | undefined;

  constructor(
    readonly details: DownloadFailureDetails,
    options: { isTransient: boolean; retryAfter?: number | undefined },
  ) {
    super(details.problem, { cause: details.cause });
    this.isTransient = options.isTransient;
    this.retryAfter = options.retryAfter;
  }
}

/** What a response brings. */
interface Content {
  /** Place of its first byte. */
  readonly start: number;
  /** Length of the whole file, if known. */
  readonly total: number | undefined;
}

/**
 * @internal Asks for what is missing, with `Range` and `If-Range` where there is something to continue, and appends it
 * to the part.
 *
 * @returns Whether the content, now whole, was put together of several responses.
 * @throws {AttemptFailure} If the server or the network fails; what had arrived stays in the part if it can be used.
 * @throws {FileError} If the content cannot be written.
 * @see RFC 9110, sections 13.1.5 (If-Range) and 14 (range requests)
 */
export async function attemptDownload(options: AttemptOptions): Promise<boolean> {
  const { part, size } = options;
  const source = await continuableSource(options);
  const have = source ? await part.size() : 0;
  if (source && have === size) return true;
  const response = await request(options, have, source?.validator);
  try {
    const content = await contentOf(response, options, have, source);
    if (content === undefined) return true;
    if (content.start === 0) await restart(response, options);
    await append(response, options, content);
    return content.start > 0;
  } finally {
    if (!response.bodyUsed) await response.body?.cancel().catch(() => {});
  }
}

/** The source of the part if it can be continued: from the same address unchanged, or at all where a checksum decides. */
async function continuableSource(options: AttemptOptions): Promise<PartSource | undefined> {
  const { url, part, size, isChecked, mayContinue } = options;
  const have = await part.size();
  if (!mayContinue || have === 0 || (size !== undefined && have > size)) return undefined;
  const source = await part.source();
  if (source?.url === url && source.validator !== undefined) return source;
  return isChecked ? { url } : undefined;
}

async function request(options: AttemptOptions, have: number, validator?: string): Promise<Response> {
  const { url, signal } = options;
  const range = {
    ...(have > 0 && { range: `bytes=${have}-` }),
    ...(have > 0 && validator !== undefined && { 'if-range': validator }),
  };
  const headers = { 'accept-encoding': 'identity', ...range };
  try {
    return await fetch(url, { headers, signal });
  } catch (error) {
    if (signal.aborted) throw error;
    throw connectionFailure(error);
  }
}

/** Checks status and headers; `undefined` if all the content is there already. */
async function contentOf(
  response: Response,
  options: AttemptOptions,
  have: number,
  source: PartSource | undefined,
): Promise<Content | undefined> {
  const { status, headers } = response;
  const { url, size, part } = options;
  if (url.startsWith('https:') && !response.url.startsWith('https:'))
    throw permanent('status', `is redirected from https to ${response.url}`);
  if (have > 0 && (status === 206 || status === 416)) {
    const range = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
    const total = range?.[2] === undefined || range[2] === '*' ? size : Number(range[2]);
    const isSame = size === undefined || total === size;
    if (status === 416 && isSame && total === have) return undefined;
    const isContinued = range?.[1] === String(have) && isSame && !hasOtherValidator(headers, source);
    if (status === 206 && isContinued && !isEncoded(headers)) return { start: have, total };
    await part.restart();
    const problem = `sent other bytes than those from ${have} on (${headers.get('content-range') ?? `status ${status}`})`;
    throw new AttemptFailure({ reason: 'range', problem }, { isTransient: true });
  }
  if (status !== 200) throw statusFailure(response);
  const total = isEncoded(headers) ? size : announcedLength(headers, size);
  if (size === undefined || total === size) return { start: 0, total };
  const problem = `has ${total} bytes, expected ${size}`;
  throw permanent('length', problem, { expected: size, received: total });
}

const isEncoded = (headers: Headers) => !['', 'identity'].includes(headers.get('content-encoding') ?? '');

function announcedLength(headers: Headers, size: number | undefined): number | undefined {
  const length = headers.get('content-length');
  return length === null ? size : Number(length);
}

/** What `If-Range` accepts: no weak ETags. */
function validatorOf(headers: Headers): string | undefined {
  const etag = headers.get('etag');
  if (etag?.startsWith('"')) return etag;
  return headers.get('last-modified') ?? undefined;
}

/** Servers that ignore If-Range send a range of the changed file. */
function hasOtherValidator(headers: Headers, source: PartSource | undefined): boolean {
  if (source?.validator === undefined) return false;
  const now = headers.get(source.validator.startsWith('"') ? 'etag' : 'last-modified');
  return now !== null && now !== source.validator;
}

async function restart({ headers }: Response, { part, url }: AttemptOptions): Promise<void> {
  // An encoded response counts other bytes than the file: it cannot be continued.
  await part.restart({ url, validator: isEncoded(headers) ? undefined : validatorOf(headers) });
}

async function append(response: Response, options: AttemptOptions, { start, total }: Content): Promise<void> {
  const { part, file, signal, onBytes } = options;
  let done = start;
  onBytes(done, total);
  const handle = await writing(file, () => open(part.content, start === 0 ? 'w' : 'r+'));
  try {
    for await (const chunk of chunksOf(response, signal)) {
      if (total !== undefined && done + chunk.length > total) {
        await part.restart();
        const problem = `goes on after ${total} bytes`;
        throw permanent('length', problem, { expected: total, received: done + chunk.length });
      }
      await writing(file, () => writeAll(handle, chunk, done));
      done += chunk.length;
      onBytes(done, total);
    }
    await writing(file, () => handle.sync());
  } finally {
    await handle.close();
  }
  if (total === undefined || done === total) return;
  const problem = `ended after ${done} of ${total} bytes`;
  throw new AttemptFailure(
    { reason: 'interrupted', problem, expected: total, received: done },
    { isTransient: true },
  );
}

async function* chunksOf(response: Response, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    if (response.body) yield* response.body as AsyncIterable<Uint8Array>;
  } catch (error) {
    if (signal.aborted) throw error;
    throw connectionFailure(error);
  }
}

async function writeAll(handle: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  for (let written = 0; written < chunk.length; ) {
    const { bytesWritten } = await handle.write(chunk, written, chunk.length - written, position + written);
    written += bytesWritten;
  }
}

async function writing<Result>(file: string, write: () => Promise<Result>): Promise<Result> {
  try {
    return await write();
  } catch (error) {
    throw writeError(file, error);
  }
}

function statusFailure(response: Response): AttemptFailure {
  const { status, statusText, headers } = response;
  const problem = `the server answered with status ${status}${statusText ? ` ${statusText}` : ''}`;
  const isTransient = status >= 500 || status === 429 || status === 408;
  const after = Number(headers.get('retry-after') ?? Number.NaN);
  const retryAfter = Number.isFinite(after) && after >= 0 ? after : undefined;
  return new AttemptFailure(
    { reason: 'status', problem, expected: 200, received: status },
    { isTransient, retryAfter },
  );
}

/** Codes that do not go away by trying again at once. */
const PERMANENT_CODES = /^(ENOTFOUND|ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_SSL|EPROTO)/;

/** Errors of `fetch` hide what happened in their causes. */
function connectionFailure(error: unknown): AttemptFailure {
  let innermost = error;
  while (innermost instanceof Error && innermost.cause instanceof Error) innermost = innermost.cause;
  if (innermost instanceof AggregateError && innermost.errors.length > 0) innermost = innermost.errors[0];
  const { code = '', message = String(innermost) } = innermost as NodeJS.ErrnoException;
  const isUnreachable = PERMANENT_CODES.test(code) || ['ECONNREFUSED', 'EAI_AGAIN'].includes(code);
  const isEndless = message.includes('redirect count');
  return new AttemptFailure(
    {
      reason: isEndless ? 'status' : isUnreachable ? 'unreachable' : 'interrupted',
      problem: isEndless
        ? 'is redirected again and again'
        : `the connection failed (${code && !message.includes(code) ? `${code}: ${message}` : message})`,
      cause: error,
    },
    { isTransient: !isEndless && !PERMANENT_CODES.test(code) },
  );
}

function permanent(
  reason: DownloadFailureDetails['reason'],
  problem: string,
  more: Pick<DownloadFailureDetails, 'expected' | 'received'> = {},
): AttemptFailure {
  return new AttemptFailure({ reason, problem, ...more }, { isTransient: false });
}
