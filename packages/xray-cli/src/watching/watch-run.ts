import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { FileError } from 'xray-core';
import type { EpochLogs } from 'xray-train';
import { readHistory } from '../run-folder/read-history.js';
import { WATCH_PAGE } from './watch-page.js';

/** How often the run folder is looked at, in milliseconds. */
const INTERVAL = 1000;

/** What watchers are told. */
interface RunState {
  readonly status: string;
  readonly history: readonly EpochLogs[];
}

/** A page that shows a run, on this machine only. */
export interface WatchedRun {
  /** Address of the page. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves a page with the curves of a run, which follows the run while it trains. It listens on the loopback address, so that no
 * other machine sees it.
 *
 * @param port - 0 for any that is free. @default 0
 * @throws {FileError} If the folder holds no run.
 */
export async function watchRun(run: string, port = 0): Promise<WatchedRun> {
  let known = JSON.stringify(await stateOf(run));
  const watchers = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    const isOwn = /^(localhost|127\.0\.0\.1)(:\d+)?$/.test(request.headers.host ?? '');
    if (!isOwn || request.method !== 'GET') response.writeHead(403).end();
    else if (request.url === '/') {
      const policy =
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'";
      const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy };
      response.writeHead(200, headers).end(WATCH_PAGE);
    } else if (request.url === '/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write(`data: ${known}\n\n`);
      watchers.add(response);
      request.on('close', () => watchers.delete(response));
    } else response.writeHead(404).end();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const timer = setInterval(async () => {
    const state = JSON.stringify(await stateOf(run).catch(() => undefined)) ?? known;
    if (state === known) return;
    known = state;
    for (const watcher of watchers) watcher.write(`data: ${known}\n\n`);
  }, INTERVAL);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close() {
      clearInterval(timer);
      for (const watcher of watchers) watcher.end();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function stateOf(run: string): Promise<RunState> {
  const file = join(run, 'run.json');
  try {
    const { status } = JSON.parse(await readFile(file, 'utf8'));
    return { status, history: await readHistory(run) };
  } catch (cause) {
    throw new FileError({ file, problem: 'could not be read', fix: 'Expected a run folder.', cause });
  }
}
