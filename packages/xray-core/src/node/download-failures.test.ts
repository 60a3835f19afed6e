import { readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { BODY, hex, OTHER, setUpDownloads } from './__fixtures__/download-trial.js';

const trial = setUpDownloads();
const { serve, download, failure, problems, expectWhole } = trial;

describe('downloadFile, failing', () => {
  it('waits for servers that are busy or broken, as long as they ask for', async () => {
    await serve([{ status: 503 }, { status: 429, headers: { 'retry-after': '0.05' } }, { status: 500 }]);
    await download();
    await expectWhole();
    expect(trial.events.flatMap((event) => (event.type === 'download-retry' ? [event.delay] : []))).toEqual([
      1, 50, 4,
    ]);
  });

  it('gives up after the retries, saying so, and at once where trying again is no use', async () => {
    await serve(Array.from({ length: 9 }, (_, at) => ({ status: at < 3 ? 503 : 404 })));
    expect(await failure({ retries: 2 })).toMatchObject({
      code: 'download-failed',
      ...{ reason: 'status', received: 503, attempts: 3, url: trial.server.url, file: trial.file },
      message: `${trial.server.url}: the server answered with status 503 Service Unavailable after 3 attempts. Check the address, or download the file by other means and put it at ${trial.file}.`,
    });
    expect(await failure()).toMatchObject({ reason: 'status', received: 404, attempts: 1 });
    expect(await readdir(trial.folder)).toEqual([]);
  });

  it('does not count attempts that bring a megabyte', async () => {
    const body = new Uint8Array(9 * 2 ** 20).fill(7);
    await serve(Array(4).fill({ cutAfter: 2 * 2 ** 20 }), { body });
    expect((await download({ retries: 0 })).size).toBe(body.length);
    expect(trial.server.requests).toHaveLength(5);
  });

  it('notices a server that stalls, before and within the content', async () => {
    await serve([{ stallAfter: 100_000 }, { stallAfter: 0 }, { stallAfter: 10 }]);
    const error = await failure({ retries: 2, stallTimeout: 500 });
    expect(error).toMatchObject({ reason: 'stalled', attempts: 3 });
    expect(error.message).toContain('nothing arrived for 0.5 seconds after 3 attempts. Run again');
    await download();
    await expectWhole();
    expect(trial.server.requests[3]!.range).toBe('bytes=100010-');
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
    expect(error.message).toContain(`${trial.server.url}: ${problem}. The file changed at its source`);
    expect(await readdir(trial.folder)).toEqual([]);
  });

  it('notices lengths that are lies where none is expected', async () => {
    await serve([{ headers: { 'content-length': '300500' } }, {}]);
    await download({ stallTimeout: 300 });
    await expectWhole();
    await rm(trial.file);
    await serve([{ endAfter: 100_000 }]);
    await download({ size: BODY.length });
    await expectWhole();
    expect(problems()).toContain('ended after 100000 of 300000 bytes');
  });

  it('removes content with a wrong checksum and says which it has', async () => {
    await serve([{}, { body: OTHER }]);
    const md5 = { algorithm: 'md5', value: hex('md5', BODY) } as const;
    await download({ checksum: md5 });
    await rm(trial.file);
    const error = await failure({ checksum: md5 });
    expect(error).toMatchObject({ reason: 'checksum', expected: md5.value, received: hex('md5', OTHER) });
    expect(error.message).toContain(
      `has the MD5 ${hex('md5', OTHER)}, expected ${md5.value}. The file changed`,
    );
    expect(await readdir(trial.folder)).toEqual([]);
  });

  it('says how to get the file without a network', async () => {
    await serve();
    const { url } = trial.server;
    await trial.server.close();
    const refused = await failure({ retries: 1 });
    expect(refused).toMatchObject({ reason: 'unreachable', attempts: 2 });
    expect(refused.message).toMatch(/ECONNREFUSED.* after 2 attempts\. Check the address and the network/);
    expect(refused.message).toContain(`put it at ${trial.file}`);
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
});
