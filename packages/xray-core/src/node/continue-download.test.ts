import { spawn } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BODY, CHECKSUM, ETAG, OTHER, setUpDownloads } from './__fixtures__/download-trial.js';

const trial = setUpDownloads();
const { serve, download, failure, problems, expectWhole } = trial;

describe('downloadFile, continuing', () => {
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
      expect(trial.server.requests.map(({ range }) => range)).toEqual([
        undefined,
        'bytes=100000-',
        'bytes=150000-',
      ]);
      expect(trial.server.requests.slice(1).map((headers) => headers['if-range'])).toEqual([
        validator,
        validator,
      ]);
      expect(problems()).toHaveLength(2);
    },
  );

  it('continues what an earlier call left', async () => {
    await serve([{ cutAfter: 100_000 }]);
    expect((await failure({ retries: 0 })).reason).toBe('interrupted');
    expect(await readdir(trial.folder)).toEqual([expect.stringMatching(/^\.data\.bin\.free-\w{8}\.part$/)]);
    await download();
    await expectWhole();
    expect(trial.server.requests[1]!.range).toBe('bytes=100000-');
  });

  it('does not continue a file that changed, whether or not the server knows If-Range', async () => {
    for (const ignoresIfRange of [false, true]) {
      await serve([{ cutAfter: 100_000 }, { ignoresIfRange }]);
      await failure({ retries: 0 });
      trial.server.file = { body: OTHER, etag: '"v2"' };
      await download();
      expect((await readFile(trial.file)).equals(OTHER)).toBe(true);
      await trial.server.close();
      await rm(trial.file);
    }
  });

  it('begins anew without ETag, date and checksum, and continues on trust of the checksum alone', async () => {
    await serve([{ cutAfter: 100_000 }, {}, { cutAfter: 100_000 }], { etag: undefined });
    await download();
    await expectWhole();
    await rm(trial.file);
    await download({ checksum: CHECKSUM });
    await expectWhole();
    expect(trial.server.requests.map(({ range }) => range)).toEqual([
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
    expect(trial.server.requests.map(({ range }) => range)).toEqual([undefined, 'bytes=100000-', undefined]);
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
    expect(trial.server.requests.map(({ range }) => range)).toEqual([
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
    expect(trial.server.requests.map(({ range }) => range)).toEqual([undefined, `bytes=${BODY.length}-`]);
    await trial.server.close();
    await rm(trial.file);

    await serve([{ cutAfter: 200_000 }, { ignoresIfRange: true }]);
    await failure({ retries: 0 });
    trial.server.file = { body: BODY.slice(0, 1000), etag: '"v2"' };
    expect((await download()).size).toBe(1000);
  });

  it('goes on where a killed process stopped, and leaves alone what a living one writes', async () => {
    await serve([{ stallAfter: 100_000 }, { stallAfter: 50_000 }]);
    const script = `
      import { downloadFile } from ${JSON.stringify(join(import.meta.dirname, 'download-file.ts'))};
      await downloadFile({ url: ${JSON.stringify(trial.server.url)}, file: ${JSON.stringify(trial.file)}, onProgress: ({ done }) => console.log(done) });`;
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
    const beside = new AbortController();
    const other = download({
      signal: beside.signal,
      onProgress: (event) => event.type === 'download' && event.done === 50_000 && beside.abort(),
    });
    await expect(other).rejects.toMatchObject({ code: 'aborted' });
    expect(trial.server.requests[1]!.range).toBeUndefined();
    child.kill('SIGKILL');
    await new Promise((resolve) => child.on('exit', resolve));
    await download();
    await expectWhole();
    expect(trial.server.requests[2]!.range).toBe('bytes=100000-');
  });
});
