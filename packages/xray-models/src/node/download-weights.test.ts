import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProgressEvent } from 'xray-core';
import { DownloadError } from 'xray-core/node';
import { readKerasWeights } from '../keras/read-keras-weights.js';
import { PRETRAINED_FILES, type PretrainedFile } from '../weights/pretrained-files.js';
import { downloadWeights } from './download-weights.js';
import { readFileBytes } from './read-file-bytes.js';

const FIXTURE = new URL('../__fixtures__/keras/keras2/sequential-weights.h5', import.meta.url);
const BYTES = await readFile(FIXTURE);
const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');

let folder: string;
let server: Server;
let requests = 0;
let file: PretrainedFile;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xray-weights-'));
  requests = 0;
  server = createServer((_, response) => {
    requests++;
    response.end(BYTES);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  file = {
    ...PRETRAINED_FILES['inception-v3-imagenet'],
    url: `http://127.0.0.1:${port}/weights.h5`,
    fileName: 'weights.h5',
    md5: md5(BYTES),
  };
});
afterEach(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

describe('downloadWeights', () => {
  it('downloads once, with progress, and takes the kept file afterwards', async () => {
    const events: ProgressEvent[] = [];
    const found = await downloadWeights(file, { folder, onProgress: (event) => events.push(event) });
    expect(found.name).toBe(join(folder, 'weights.h5'));
    expect((await readKerasWeights(found)).map(({ layer }) => layer)).toEqual([
      'conv2d',
      'conv2d_1',
      'dense',
    ]);
    expect(events.at(-1)).toMatchObject({ type: 'download', done: BYTES.length, total: BYTES.length });
    await downloadWeights(file, { folder });
    expect(requests).toBe(1);
  });

  it('replaces a kept file that is damaged', async () => {
    await writeFile(join(folder, 'weights.h5'), BYTES.subarray(0, 1000));
    expect(md5((await downloadWeights(file, { folder })).bytes)).toBe(file.md5);
  });

  it('refuses another content', async () => {
    const other = { ...file, md5: md5(Uint8Array.of(1)) };
    await expect(downloadWeights(other, { folder })).rejects.toThrow(DownloadError);
    expect(await readdir(folder)).not.toContain('weights.h5');
  });

  it('says what to put where when there is no network', async () => {
    await new Promise((resolve) => server.close(resolve)); // nothing listens there any more
    await expect(downloadWeights(file, { folder, retries: 0 })).rejects.toThrow(
      `${join(folder, 'weights.h5')}: is not there, and ${file.url} cannot be downloaded. ` +
        `Download it where there is a network and put it there. Its MD5 is ${file.md5}.`,
    );
  });

  it('says that a kept file is damaged when there is no network', async () => {
    await new Promise((resolve) => server.close(resolve));
    await writeFile(join(folder, 'weights.h5'), BYTES.subarray(0, 1000));
    await expect(downloadWeights(file, { folder, retries: 0 })).rejects.toThrow(
      `${join(folder, 'weights.h5')}: is truncated or another file, and ${file.url} cannot be downloaded. `,
    );
    expect(await readdir(folder)).toContain('weights.h5');
  });

  it('knows the names of the catalog', async () => {
    await expect(downloadWeights('vgg' as 'inception-v3-imagenet')).rejects.toThrow(
      '`file` must be one of inception-v3-imagenet, inception-v3-imagenet-top. Received: "vgg".',
    );
  });
});

describe('readFileBytes', () => {
  it('says what is wrong with a path', async () => {
    await expect(readFileBytes(join(folder, 'none.h5'))).rejects.toThrow('none.h5: does not exist.');
    await expect(readFileBytes(folder)).rejects.toThrow(`${folder}: is a folder, expected a file.`);
  });
});
