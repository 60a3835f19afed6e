import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileError, InvalidArgumentError } from 'xray-core';
import { DownloadError } from 'xray-core/node';
import fixture from '../__fixtures__/medmnist.json' with { type: 'json' };
import { type CatalogEntry, DATASET_CATALOG } from '../catalog/dataset-catalog.js';
import { indexMedmnist } from '../medmnist/index-medmnist.js';
import { downloadDataset } from './download-dataset.js';
import { indexFolder } from './index-folder.js';

let folder: string;
let server: Server;
let mirror: string;
let paths: string[];
let served: Map<string, Uint8Array>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xray-dataset-'));
  paths = [];
  served = new Map();
  server = createServer((request, response) => {
    paths.push(request.url!);
    const body = served.get(request.url!);
    response.writeHead(body ? 200 : 404).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mirror/`;
});
afterEach(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

const hex = (algorithm: string, bytes: Uint8Array) => createHash(algorithm).update(bytes).digest('hex');

const IMAGES = {
  train: { NORMAL: ['IM-0001-0001', 'IM-0002-0001'], PNEUMONIA: ['person1_bacteria_1', 'person2_virus_1'] },
  test: { NORMAL: ['IM-0003-0001'], PNEUMONIA: ['person3_virus_2'] },
};
const ZIP = zipSync({
  '__MACOSX/chest_xray/._train': Uint8Array.of(1),
  ...Object.fromEntries(
    Object.entries(IMAGES).flatMap(([side, classes]) =>
      Object.entries(classes).flatMap(([name, files]) =>
        files.map((file) => [`chest_xray/${side}/${name}/${file}.jpeg`, Uint8Array.of(255, 216)]),
      ),
    ),
  ),
});

/** The Kermany entry, of six images. */
const ENTRY: CatalogEntry = {
  ...DATASET_CATALOG['kermany-2018'],
  name: 'six',
  file: {
    name: 'six.zip',
    url: 'http://example.invalid/six.zip',
    size: ZIP.length,
    checksum: { algorithm: 'sha256', value: hex('sha256', ZIP) },
    checkedBy: 'this test',
  },
  counts: { train: { normal: 2, bacterial: 1, viral: 1 }, test: { normal: 1, viral: 1 } },
};
const download = (entry = ENTRY) => downloadDataset(entry, { folder, mirror, retries: 0 });

describe('downloadDataset', () => {
  it('downloads and unpacks an archive, once, and records where it is from', async () => {
    served.set('/mirror/six.zip', ZIP);
    const { path, isNew, record, keptArchive } = await download();
    expect([path, isNew, keptArchive]).toEqual([join(folder, 'six'), true, undefined]);
    const { samples, layout } = await indexFolder(path);
    expect([samples.length, layout]).toEqual([6, 'kaggle']);
    expect((await readdir(folder)).sort()).toEqual(['six', 'six.source.json']);
    expect(JSON.parse(await readFile(record, 'utf8'))).toMatchObject({
      url: `${mirror}six.zip`,
      size: ZIP.length,
      sha256: hex('sha256', ZIP),
      licence: { name: 'CC BY 4.0' },
      expected: ENTRY.file.checksum,
    });
    expect(await download()).toMatchObject({ path, isNew: false, record });
    expect(paths).toEqual(['/mirror/six.zip']);
  });

  it('records the SHA-256 it measured where none is published', async () => {
    const { checksum: _, ...file } = ENTRY.file;
    served.set('/mirror/six.zip', ZIP);
    const { record } = await download({ ...ENTRY, file });
    const facts = JSON.parse(await readFile(record, 'utf8'));
    expect(facts.sha256).toBe(hex('sha256', ZIP));
    expect(facts).not.toHaveProperty('expected');
  });

  it('takes an archive that was put there by hand, and keeps it', async () => {
    const archive = join(folder, 'six.zip');
    await writeFile(archive, ZIP);
    expect(await download()).toMatchObject({ isNew: true, keptArchive: archive });
    expect((await readdir(folder)).sort()).toEqual(['six', 'six.source.json', 'six.zip']);
    expect(paths).toEqual([]);
  });

  it('notices that images are missing', async () => {
    served.set('/mirror/six.zip', ZIP);
    const { path } = await download();
    await rm(join(path, 'chest_xray', 'train', 'NORMAL', 'IM-0002-0001.jpeg'));
    await expect(download()).rejects.toThrow(FileError);
    await expect(download()).rejects.toThrow(
      /six: has 1 normal images in train, expected 2\. Remove the folder/,
    );
  });

  it('leaves nothing of an archive that is corrupt or another one', async () => {
    served.set(
      '/mirror/six.zip',
      ZIP.map((byte) => byte ^ 1),
    );
    await expect(download()).rejects.toThrow(DownloadError);
    expect(await readdir(folder)).toEqual([]);
    const broken = ZIP.slice();
    broken[60]! ^= 1;
    served.set('/mirror/six.zip', broken);
    const { checksum: _, ...file } = ENTRY.file;
    await expect(download({ ...ENTRY, file })).rejects.toThrow(
      /six\.zip: is no zip archive, truncated or corrupt/,
    );
    expect(await readdir(folder)).toEqual(['six.zip']);
  });

  it('downloads a MedMNIST file and says where to put it when that fails', async () => {
    const { 'pneumonia-mnist-28': real } = DATASET_CATALOG;
    const npz = new Uint8Array(Buffer.from(fixture.cases[0]!.file, 'base64'));
    const file = { ...real.file, checksum: { algorithm: 'md5', value: hex('md5', npz) } } as const;
    const place = join(folder, 'pneumoniamnist.npz');
    await expect(download({ ...real, file })).rejects.toThrow(
      `${mirror}pneumoniamnist.npz: the server answered with status 404 Not Found. Check the address, or download the file by other means and put it at ${place}.`,
    );
    served.set('/mirror/pneumoniamnist.npz', npz);
    const { path, isNew } = await download({ ...real, file });
    expect([path, isNew]).toEqual([place, true]);
    expect(indexMedmnist(await readFile(path)).samples).toHaveLength(9);
    expect((await download({ ...real, file })).isNew).toBe(false);
    expect((await readdir(folder)).sort()).toEqual(['pneumonia-mnist-28.source.json', 'pneumoniamnist.npz']);
  });

  it('knows the datasets of the catalog by name', async () => {
    const options = { folder, mirror, retries: 0 };
    await expect(downloadDataset('pneumonia-mnist-64', options)).rejects.toThrow(DownloadError);
    expect(paths).toEqual(['/mirror/pneumoniamnist_64.npz']);
    await expect(downloadDataset('none' as 'kermany-2018', options)).rejects.toThrow(InvalidArgumentError);
  });
});
