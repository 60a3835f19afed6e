import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  FileError,
  type OptionNames,
  type ProgressCallback,
  refuseUnknownOptions,
  type Split,
} from 'xray-core';
import { type DownloadOptions, downloadFile, writeFileAtomic } from 'xray-core/node';
import { type CatalogEntry, type DatasetName, datasetNamed } from '../catalog/dataset-catalog.js';
import { SIDES } from '../split/sides.js';
import { indexFolder } from './index-folder.js';
import { unpackZip } from './unpack-zip.js';

const OPTIONS: OptionNames<DownloadDatasetOptions> = {
  folder: true,
  mirror: true,
  onProgress: true,
  signal: true,
  retries: true,
  retryDelay: true,
  stallTimeout: true,
};

/** Options of `downloadDataset`. */
export interface DownloadDatasetOptions
  extends Pick<DownloadOptions, 'retries' | 'retryDelay' | 'stallTimeout' | 'signal'> {
  /** Folder to put it in; created where needed. */
  readonly folder: string;
  /** Address of a folder that has the files by their names. @default the source of each dataset */
  readonly mirror?: string | undefined;
  readonly onProgress?: ProgressCallback | undefined;
}

/** A dataset that is there, whole and checked. */
export interface DownloadedDataset {
  readonly entry: CatalogEntry;
  /** The file for `indexMedmnist`, or the folder for `indexFolder`. */
  readonly path: string;
  /** False if it was there already. */
  readonly isNew: boolean;
  /** JSON beside it that says where it is from: address, size, SHA-256, licence, citations. */
  readonly record: string;
  /** An archive that lies in the folder and is not needed any more: it was there before. */
  readonly keptArchive?: string | undefined;
}

/** An archive of images hardly shrinks, so one that unpacks to many times its size is none. */
const MOST_GROWTH = 4;

/**
 * Downloads a dataset of the catalog, checks it, unpacks it if it is an archive, and records where it is from. It is there
 * whole or not at all; after an interruption the same call goes on. If it is there already, its checksum or the number of
 * its images is checked and nothing is downloaded. An archive that was put into the folder by hand is used and kept; a
 * downloaded one is removed once it is unpacked.
 *
 * @throws {DownloadError} If it cannot be downloaded; says where to put a file that was downloaded by other means.
 * @throws {FileError} If the archive is corrupt or unsafe, the folder cannot be written, or has other images than expected.
 * @throws {InvalidArgumentError} If there is no such dataset.
 * @throws {AbortedError} If `signal` fires.
 *
 * @example
 * const { path } = await downloadDataset('kermany-2018', { folder: 'data' });
 * const { samples } = await indexFolder(path);
 */
export async function downloadDataset(
  dataset: DatasetName | CatalogEntry,
  options: DownloadDatasetOptions,
): Promise<DownloadedDataset> {
  refuseUnknownOptions('downloadDataset', options, OPTIONS);
  const entry = typeof dataset === 'string' ? datasetNamed(dataset) : dataset;
  const get = entry.format === 'zip' ? getFolder : getFile;
  return get(entry, options);
}

async function getFile(entry: CatalogEntry, options: DownloadDatasetOptions): Promise<DownloadedDataset> {
  const path = join(options.folder, entry.file.name);
  const { isNew, sha256, size, url } = await getArchive(entry, path, options);
  return { entry, path, isNew, record: await writeRecord(entry, options, { url, sha256, size }) };
}

async function getFolder(entry: CatalogEntry, options: DownloadDatasetOptions): Promise<DownloadedDataset> {
  const { folder, signal, onProgress } = options;
  const path = join(folder, entry.name);
  if (await stat(path).catch(() => undefined)) {
    await checkCounts(path, entry);
    return { entry, path, isNew: false, record: recordOf(entry, options) };
  }
  const archive = join(folder, entry.file.name);
  const { isNew, sha256, size, url } = await getArchive(entry, archive, options);
  await unpackZip(archive, path, { maxBytes: MOST_GROWTH * size, signal, onProgress });
  const record = await writeRecord(entry, options, { url, sha256, size });
  if (isNew) await rm(archive, { force: true });
  await checkCounts(path, entry);
  return { entry, path, isNew: true, record, ...(!isNew && { keptArchive: archive }) };
}

async function getArchive(
  { file }: CatalogEntry,
  path: string,
  { mirror, folder: _, ...options }: DownloadDatasetOptions,
) {
  const url = mirror === undefined ? file.url : `${mirror.replace(/\/+$/, '')}/${file.name}`;
  const { size, checksum } = file;
  return { url, ...(await downloadFile({ ...options, url, file: path, size, checksum })) };
}

/** Tells a folder that was unpacked whole from one that lost images since. */
async function checkCounts(path: string, { counts }: CatalogEntry): Promise<void> {
  const { samples } = await indexFolder(path);
  const found = new Map<string, number>();
  const keyOf = (finding: string, side: Split | undefined) => `${finding} images in ${side ?? 'no side'}`;
  for (const { finding, split } of samples) {
    const key = keyOf(finding, split);
    found.set(key, (found.get(key) ?? 0) + 1);
  }
  for (const side of SIDES) {
    for (const [finding, expected] of Object.entries(counts[side] ?? {})) {
      const key = keyOf(finding, side);
      const received = found.get(key) ?? 0;
      if (received === expected) continue;
      throw new FileError({
        file: path,
        problem: `has ${received} ${key}, expected ${expected}`,
        fix: 'Remove the folder to download it again, or choose another one.',
      });
    }
  }
}

const recordOf = ({ name }: CatalogEntry, { folder }: DownloadDatasetOptions) =>
  join(folder, `${name}.source.json`);

async function writeRecord(
  entry: CatalogEntry,
  options: DownloadDatasetOptions,
  measured: { url: string; size: number; sha256: string },
): Promise<string> {
  const { name, title, file, source, licence, citations, notes } = entry;
  const record = recordOf(entry, options);
  const { checksum: expected, checkedBy } = file;
  const facts = { name, title, source, licence, citations, notes, file: file.name, ...measured };
  await writeFileAtomic(record, `${JSON.stringify({ ...facts, expected, checkedBy }, null, 2)}\n`);
  return record;
}
