import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AbortedError, FileError, InvalidArgumentError } from '../errors.js';
import type { ProgressEvent } from '../progress.js';
import { createRandom } from '../random.js';
import {
  type Behaviour,
  type ServedFile,
  serveUnreliably,
  type UnreliableServer,
} from './__fixtures__/unreliable-server.js';
import { DownloadError } from './download-error.js';
import { type DownloadOptions, downloadFile } from './download-file.js';

const random = createRandom(11);
const BODY = Uint8Array.from({ length: 300_000 }, () => random.integer(0, 256));
const OTHER = BODY.map((byte) => byte ^ 1);
const hex = (algorithm: 'sha256' | 'md5', bytes: Uint8Array) =>
  createHash(algorithm).update(bytes).digest('hex');
const CHECKSUM = { algorithm: 'sha256', value: hex('sha256', BODY) } as const;
const ETAG = '"v1"';

let folder: string;
let file: string;
let server: UnreliableServer;
let events: ProgressEvent[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xray-download-'));
  file = join(folder, 'data.bin');
  events = [];
});
afterEach(async () => {
  await server?.close();
  await rm(folder, { recursive: true });
});

/** Serves `BODY`, misbehaving as told at each request, and well after that. */
async function serve(behaviours: readonly Behaviour[] = [], served: Partial<ServedFile> = {}) {
  server = await serveUnreliably({ body: BODY, etag: ETAG, ...served }, (at) => behaviours[at] ?? {});
}

const download = (options: Partial<DownloadOptions> = {}) =>
  downloadFile({
    ...{ url: server.url, file, retryDelay: 1 },
    onProgress(event) {
      events.push(event);
      if (event.type === 'download') server.arrived(event.done);
    },
    ...options,
  });

const failure = async (options: Partial<DownloadOptions> = {}) => {
  const error = await download(options).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(DownloadError);
  return error as DownloadError;
};

const problems = () => events.flatMap((event) => (event.type === 'download-retry' ? [event.problem] : []));

async function expectWhole() {
  expect((await readFile(file)).equals(BODY)).toBe(true);
  expect(await readdir(folder)).toEqual(['data.bin']);
}

describe('downloadFile', () => {
  it('gets a file, with progress, and does not get it again', async () => {
    await serve();
    const options = { size: BODY.length, checksum: CHECKSUM };
    expect(await download(options)).toEqual({ file, size: BODY.length, sha256: CHECKSUM.value, isNew: true });
    await expectWhole();
    expect(events.at(-1)).toEqual({ type: 'download', file, done: BODY.length, total: BODY.length });
    expect(await download(options)).toMatchObject({ sha256: CHECKSUM.value, isNew: false });
    const md5 = { algorithm: 'md5', value: hex('md5', BODY).toUpperCase() } as const;
    expect(await download({ checksum: md5 })).toMatchObject({ sha256: CHECKSUM.value, isNew: false });
    expect(await download({ size: BODY.length })).toMatchObject({ isNew: false });
    expect(server.requests).toHaveLength(1);
    expect(await download()).toMatchObject({ isNew: true });
  });

  it('replaces a file with another checksum or length, only when the new one is whole', async () => {
    await serve([{ status: 404 }]);
    await writeFile(file, 'old');
    await failure({ checksum: CHECKSUM });
    expect(await readFile(file, 'utf8')).toBe('old');
    expect((await download({ checksum: CHECKSUM })).isNew).toBe(true);
    await expectWhole();
  });

  it.each([
    ['an ETag', { etag: ETAG }, ETAG],
    [
      'a date',
      { etag: undefined, lastModified: 'Wed, 21 Oct 2015 07:28:00 GMT' },
      'Wed, 21 Oct 2015 07:28:00 GMT',
    ],
    [
      'a date beside a weak ETag',
      { etag: 'W/"1"', lastModified: 'Wed, 21 Oct 2015 07:28:00 GMT' },
      'Wed, 21 Oct 2015 07:28:00 GMT',
    ],
  ])(
    'continues after broken connections, told by %s that the file is the same',
    async (_, served, validator) => {
      await serve([{ cutAfter: 100_000 }, { cutAfter: 50_000 }], served);
      await download();
      await expectWhole();
      expect(server.requests.map(({ range }) => range)).toEqual([
        undefined,
        'bytes=100000-',
        'bytes=150000-',
      ]);
      expect(server.requests.slice(1).map((headers) => headers['if-range'])).toEqual([validator, validator]);
      expect(problems()).toHaveLength(2);
    },
  );

  it('continues what an earlier call left', async () => {
    await serve([{ cutAfter: 100_000 }]);
    expect((await failure({ retries: 0 })).reason).toBe('interrupted');
    expect(await readdir(folder)).toEqual([expect.stringMatching(/^\.data\.bin\.free-\w{8}\.part$/)]);
    await download();
    await expectWhole();
    expect(server.requests[1]!.range).toBe('bytes=100000-');
  });

  it('does not continue a file that changed, whether or not the server knows If-Range', async () => {
    for (const ignoresIfRange of [false, true]) {
      await serve([{ cutAfter: 100_000 }, { ignoresIfRange }]);
      await failure({ retries: 0 });
      server.file = { body: OTHER, etag: '"v2"' };
      await download();
      expect((await readFile(file)).equals(OTHER)).toBe(true);
      await server.close();
      await rm(file);
    }
  });

  it('begins anew without ETag, date and checksum, and continues on trust of the checksum alone', async () => {
    await serve([{ cutAfter: 100_000 }, {}, { cutAfter: 100_000 }], { etag: undefined });
    await download();
    await expectWhole();
    await rm(file);
    await download({ checksum: CHECKSUM });
    await expectWhole();
    expect(server.requests.map(({ range }) => range)).toEqual([
      undefined,
      undefined,
      undefined,
      'bytes=100000-',
    ]);
  });

  it('begins anew, once, when what it put together has the wrong checksum', async () => {
    await serve([{ cutAfter: 100_000, body: OTHER }], { etag: undefined });
    await download({ checksum: CHECKSUM });
    await expectWhole();
    expect(server.requests.map(({ range }) => range)).toEqual([undefined, 'bytes=100000-', undefined]);
    expect(problems().at(-1)).toMatch(/^the content has the SHA-256 [0-9a-f]{64}, expected /);
  });

  it('takes a server without ranges as it is', async () => {
    await serve([{ cutAfter: 100_000 }, { ignoresRange: true }]);
    await download();
    await expectWhole();
  });

  it.each([
    ['another place', { contentRange: `bytes 5-299999/300000` }],
    ['another length', { contentRange: `bytes 100000-299998/299999` }],
    ['no place', { contentRange: 'nonsense' }],
    ['encoded bytes', { headers: { 'content-encoding': 'gzip' } }],
  ])('notices ranges that say %s, and asks for no more of them', async (_, lie) => {
    await serve([{ cutAfter: 100_000 }, lie, { cutAfter: 100_000 }]);
    await download({ size: BODY.length });
    await expectWhole();
    expect(server.requests.map(({ range }) => range)).toEqual([
      undefined,
      'bytes=100000-',
      undefined,
      undefined,
    ]);
    expect(problems()[1]).toMatch(/^sent other bytes than those from 100000 on/);
  });

  it('finds out by status 416 that everything is there, or that the file is another one', async () => {
    await serve([{ isChunked: true, cutAfter: BODY.length }]);
    await download();
    await expectWhole();
    expect(server.requests.map(({ range }) => range)).toEqual([undefined, `bytes=${BODY.length}-`]);
    await server.close();
    await rm(file);

    await serve([{ cutAfter: 200_000 }, { ignoresIfRange: true }]);
    await failure({ retries: 0 });
    server.file = { body: BODY.slice(0, 1000), etag: '"v2"' };
    expect((await download()).size).toBe(1000);
  });

  it('waits for servers that are busy or broken, as long as they ask for', async () => {
    await serve([{ status: 503 }, { status: 429, headers: { 'retry-after': '0.05' } }, { status: 500 }]);
    await download();
    await expectWhole();
    expect(events.flatMap((event) => (event.type === 'download-retry' ? [event.delay] : []))).toEqual([
      1, 50, 4,
    ]);
  });

  it('gives up after the retries, saying so, and at once where trying again is no use', async () => {
    await serve(Array.from({ length: 9 }, (_, at) => ({ status: at < 3 ? 503 : 404 })));
    expect(await failure({ retries: 2 })).toMatchObject({
      code: 'download-failed',
      ...{ reason: 'status', received: 503, attempts: 3, url: server.url, file },
      message: `${server.url}: the server answered with status 503 Service Unavailable after 3 attempts. Check the address, or download the file by other means and put it at ${file}.`,
    });
    expect(await failure()).toMatchObject({ reason: 'status', received: 404, attempts: 1 });
    expect(await readdir(folder)).toEqual([]);
  });

  it('does not count attempts that bring a megabyte', async () => {
    const body = new Uint8Array(9 * 2 ** 20).fill(7);
    await serve(Array(4).fill({ cutAfter: 2 * 2 ** 20 }), { body });
    expect((await download({ retries: 0 })).size).toBe(body.length);
    expect(server.requests).toHaveLength(5);
  });

  it('notices a server that stalls, before and within the content', async () => {
    await serve([{ stallAfter: 100_000 }, { stallAfter: 0 }, { stallAfter: 10 }]);
    const error = await failure({ retries: 2, stallTimeout: 500 });
    expect(error).toMatchObject({ reason: 'stalled', attempts: 3 });
    expect(error.message).toContain('nothing arrived for 0.5 seconds after 3 attempts. Run again');
    await download();
    await expectWhole();
    expect(server.requests[3]!.range).toBe('bytes=100010-');
  });

  it.each([
    ['too short', { headers: { 'content-length': '200000' } }, 'has 200000 bytes, expected 300000', 200_000],
    ['too long', { headers: { 'content-length': '400000' } }, 'has 400000 bytes, expected 300000', 400_000],
    [
      'endless',
      { isChunked: true, body: new Uint8Array(900_000) },
      'goes on after 300000 bytes',
      expect.any(Number),
    ],
  ])('refuses a file that is %s without fetching all of it', async (_, lie, problem, received) => {
    await serve([lie]);
    const error = await failure({ size: BODY.length });
    expect(error).toMatchObject({ reason: 'length', expected: 300_000, received, attempts: 1 });
    expect(error.message).toContain(`${server.url}: ${problem}. The file changed at its source`);
    expect(await readdir(folder)).toEqual([]);
  });

  it('notices lengths that are lies where none is expected', async () => {
    await serve([{ headers: { 'content-length': '300500' } }, {}]);
    await download({ stallTimeout: 300 });
    await expectWhole();
    await rm(file);
    await serve([{ endAfter: 100_000 }]);
    await download({ size: BODY.length });
    await expectWhole();
    expect(problems()).toContain('ended after 100000 of 300000 bytes');
  });

  it('removes content with a wrong checksum and says which it has', async () => {
    await serve([{}, { body: OTHER }]);
    const md5 = { algorithm: 'md5', value: hex('md5', BODY) } as const;
    await download({ checksum: md5 });
    await rm(file);
    const error = await failure({ checksum: md5 });
    expect(error).toMatchObject({ reason: 'checksum', expected: md5.value, received: hex('md5', OTHER) });
    expect(error.message).toContain(
      `has the MD5 ${hex('md5', OTHER)}, expected ${md5.value}. The file changed`,
    );
    expect(await readdir(folder)).toEqual([]);
  });

  it('follows redirects, not for ever', async () => {
    await serve([{ status: 302, headers: { location: '/elsewhere' } }]);
    await download();
    await expectWhole();
    await rm(file);
    await server.close();
    await serve(Array(30).fill({ status: 302, headers: { location: '/again' } }));
    expect((await failure()).message).toContain('is redirected again and again');
  });

  it('says how to get the file without a network', async () => {
    await serve();
    const { url } = server;
    await server.close();
    const refused = await failure({ retries: 1 });
    expect(refused).toMatchObject({ reason: 'unreachable', attempts: 2 });
    expect(refused.message).toMatch(/ECONNREFUSED.* after 2 attempts\. Check the address and the network/);
    expect(refused.message).toContain(`put it at ${file}`);
    expect(await failure({ url: 'http://host.invalid/x' })).toMatchObject({ reason: 'unreachable' });
    expect(url).toContain('127.0.0.1');
  });

  it('survives what is no HTTP', async () => {
    await serve();
    const garbage = createServer((socket) => socket.end('SSH-2.0-nothing\r\n'));
    await new Promise<void>((resolve) => garbage.listen(0, '127.0.0.1', resolve));
    const { port } = garbage.address() as { port: number };
    const error = await failure({ url: `http://127.0.0.1:${port}/`, retries: 1 });
    expect(error).toMatchObject({ reason: 'interrupted', attempts: 2 });
    garbage.close();
  });

  it('can be aborted while it reads and while it waits, and goes on from there', async () => {
    await serve([{ stallAfter: 100_000 }, { status: 503, headers: { 'retry-after': '20' } }]);
    const reading = new AbortController();
    const read = download({
      signal: reading.signal,
      onProgress: (event) => event.type === 'download' && event.done === 100_000 && reading.abort('enough'),
    });
    await expect(read).rejects.toMatchObject({ code: 'aborted', cause: 'enough' });
    const waiting = new AbortController();
    const wait = download({ signal: waiting.signal, onProgress: () => waiting.abort() });
    await expect(wait).rejects.toThrow(AbortedError);
    await download();
    await expectWhole();
    expect(server.requests[2]!.range).toBe('bytes=100000-');
    await expect(download({ signal: AbortSignal.abort() })).rejects.toThrow(AbortedError);
  });

  it('lets calls for the same file all have it', async () => {
    await serve(Array.from({ length: 8 }, () => ({ cutAfter: 60_000 })));
    const results = await Promise.all(Array.from({ length: 6 }, () => download({ checksum: CHECKSUM })));
    expect(new Set(results.map(({ sha256 }) => sha256))).toEqual(new Set([CHECKSUM.value]));
    await expectWhole();
  });

  it('goes on where a killed process stopped, and leaves alone what a living one writes', async () => {
    await serve([{ stallAfter: 100_000 }, { stallAfter: 50_000 }]);
    const script = `
      import { downloadFile } from ${JSON.stringify(join(import.meta.dirname, 'download-file.ts'))};
      await downloadFile({ url: ${JSON.stringify(server.url)}, file: ${JSON.stringify(file)}, onProgress: ({ done }) => console.log(done) });`;
    const child = spawn(process.execPath, [
      '--import',
      import.meta.resolve('tsx'),
      '--input-type=module',
      '--eval',
      script,
    ]);
    await new Promise<void>((resolve) =>
      child.stdout.on('data', (data) => String(data).includes('100000') && resolve()),
    );
    await failure({ retries: 0, stallTimeout: 300 });
    expect(server.requests[1]!.range).toBeUndefined();
    child.kill('SIGKILL');
    await new Promise((resolve) => child.on('exit', resolve));
    await download();
    await expectWhole();
    expect(server.requests[2]!.range).toBe('bytes=100000-');
  });

  it('explains a place that cannot be written to', async () => {
    await serve();
    await mkdir(file);
    await expect(download()).rejects.toThrow(
      /data\.bin: could not be written \(EISDIR\)\. There is a folder/,
    );
    await writeFile(join(folder, 'plain'), '');
    const below = download({ file: join(folder, 'plain', 'x') });
    await expect(below).rejects.toThrow(FileError);
    await expect(below).rejects.toThrow(/A part of the path is a file/);
    expect(server.requests).toEqual([]);
  });

  it('refuses options it cannot work with', async () => {
    await serve();
    for (const options of [
      { url: 'ftp://example.org/x' },
      { url: 'data.bin' },
      { url: 'http://user:secret@example.org/x' },
      { checksum: { algorithm: 'md5', value: CHECKSUM.value } as const },
      { size: -1 },
      { retries: 0.5 },
      { stallTimeout: 0 },
    ])
      await expect(download(options)).rejects.toThrow(InvalidArgumentError);
  });
});

/** A small disk, where this user may mount one. */
const disk = (() => {
  try {
    const place = execFileSync('mktemp', ['-d']).toString().trim();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', place], { stdio: 'ignore' });
    return place;
  } catch {
    return undefined;
  }
})();

describe.skipIf(disk === undefined)(
  'downloadFile on a full disk (skipped without the right to mount one)',
  () => {
    it('says so, and goes on when there is room', async () => {
      const place = disk!;
      await serve();
      try {
        const target = join(place, 'data.bin');
        const full = download({ file: target });
        await expect(full).rejects.toThrow(FileError);
        await expect(full).rejects.toThrow(/data\.bin: could not be written \(ENOSPC\)\. The disk is full/);
        expect(server.requests).toHaveLength(1);
        execFileSync('mount', ['-o', 'remount,size=2m', place]);
        await download({ file: target });
        expect((await readFile(target)).equals(BODY)).toBe(true);
        expect(server.requests[1]!.range).toMatch(/^bytes=\d{5,}-$/);
      } finally {
        execFileSync('umount', [place]);
        await rm(place, { recursive: true });
      }
    });
  },
);
