import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a server does wrong with one request. */
export interface Behaviour {
  /** Answers with this status and no content. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Breaks the connection when so many bytes of the body have arrived. */
  readonly cutAfter?: number;
  /** Sends nothing more after so many bytes. */
  readonly stallAfter?: number;
  /** Sends no length and ends properly after so many bytes. */
  readonly endAfter?: number;
  /** Sends the body in chunks, without a length. */
  readonly isChunked?: boolean;
  /** Takes Range for something unknown. */
  readonly ignoresRange?: boolean;
  /** Takes If-Range for something unknown. */
  readonly ignoresIfRange?: boolean;
  /** Sends this for the body. */
  readonly body?: Uint8Array;
  /** Answers ranges with another place or length than asked for. */
  readonly contentRange?: string;
}

/** A file on a server. */
export interface ServedFile {
  body: Uint8Array;
  etag?: string | undefined;
  lastModified?: string | undefined;
}

/** A connection to break. */
interface Cut {
  /** When the client has all bytes up to here. */
  readonly end: number;
  readonly response: ServerResponse;
}

/** In milliseconds. */
const CUT_UNTOLD_AFTER = 2000;

/** A server that can be told what to do wrong. */
export interface UnreliableServer {
  readonly url: string;
  /** Headers of the requests so far. */
  readonly requests: IncomingMessage['headers'][];
  /** What is served; may be changed. */
  file: ServedFile;
  /**
   * Tells that the client has all bytes up to here: what a broken connection still holds is lost, so it must not break
   * earlier. Without being told, it breaks after a while.
   */
  arrived(bytes: number): void;
  close(): Promise<void>;
}

/**
 * Serves one file at every path.
 *
 * @param behaviourOf - What to do wrong with a request, by its number from 0.
 */
export async function serveUnreliably(
  file: ServedFile,
  behaviourOf: (request: number) => Behaviour = () => ({}),
): Promise<UnreliableServer> {
  const requests: IncomingMessage['headers'][] = [];
  const cuts = new Set<Cut>();
  const served: UnreliableServer = {
    ...{ url: '', requests, file, close: async () => {} },
    arrived(bytes) {
      for (const cut of cuts) {
        if (bytes < cut.end) continue;
        cuts.delete(cut);
        cut.response.destroy();
      }
    },
  };
  const server = createServer((request, response) => {
    const behaviour = behaviourOf(requests.length);
    requests.push(request.headers);
    const end = answer(request, response, served.file, behaviour);
    if (behaviour.cutAfter === undefined) return;
    cuts.add({ end, response });
    setTimeout(() => response.destroy(), CUT_UNTOLD_AFTER).unref();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(served, {
    url: `http://127.0.0.1:${port}/data.bin`,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  });
}

/** Gives the place in the file up to which it sends. */
function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { body, etag, lastModified }: ServedFile,
  behaviour: Behaviour,
): number {
  const condition = request.headers['if-range'];
  const isSame = condition === undefined || condition === etag || condition === lastModified;
  const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
  const isPartial = range && !behaviour.ignoresRange && (isSame || behaviour.ignoresIfRange);
  const start = isPartial ? Number(range[1]) : 0;
  const headers: Record<string, string> = {
    ...(etag && { etag }),
    ...(lastModified && { 'last-modified': lastModified }),
    ...behaviour.headers,
  };
  // Bodies that nobody reads keep their connections busy: a client that follows redirects would open one for each.
  if (behaviour.status !== undefined) {
    response.writeHead(behaviour.status, { 'content-length': 0, ...headers }).end();
    return start;
  }
  if (isPartial && start >= body.length) {
    response.writeHead(416, { ...headers, 'content-range': `bytes */${body.length}` }).end();
    return start;
  }
  const content = behaviour.body ?? body.subarray(start);
  const { cutAfter, stallAfter, endAfter, isChunked, contentRange } = behaviour;
  if (isPartial)
    headers['content-range'] = contentRange ?? `bytes ${start}-${body.length - 1}/${body.length}`;
  if (!isChunked && endAfter === undefined) headers['content-length'] ??= String(content.length);
  response.writeHead(isPartial ? 206 : 200, headers);
  const end = cutAfter ?? stallAfter ?? endAfter ?? content.length;
  const sent = content.subarray(0, end);
  if (cutAfter !== undefined || stallAfter !== undefined) response.write(sent);
  else response.end(sent);
  return start + sent.length;
}
