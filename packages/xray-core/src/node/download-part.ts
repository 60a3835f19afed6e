import { hash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { writeError, writeFileAtomic } from './atomic-file.js';

/** @internal Where unfinished content came from: it is continued only from there, and only if it did not change. */
export interface PartSource {
  readonly url: string;
  /** Strong ETag or date of the last change, as the server sent it. */
  readonly validator?: string | undefined;
}

/** @internal An unfinished download that belongs to this call alone. */
export interface DownloadPart {
  /** File for the content; may be missing. */
  readonly content: string;
  /** Bytes of content. */
  size(): Promise<number>;
  /** Of the content that is there. */
  source(): Promise<PartSource | undefined>;
  /** Drops the content, to begin anew from `source`. */
  restart(source?: PartSource): Promise<void>;
  /** Leaves the content for a later call. */
  release(): Promise<void>;
  remove(): Promise<void>;
}

/** A part nobody has written to for so long, in milliseconds, is free, wherever its owner ran. */
const ABANDONED_AFTER = 24 * 60 * 60 * 1000;
const FREE = 'free';
const HOST = hash('sha256', hostname()).slice(0, 8);

/**
 * @internal Takes over what an earlier call left of a download, or begins a new one. A part is a folder
 * `.<name>.<owner>.part` beside the file; taking it over is renaming it, which only one of several processes can do, so
 * that no two write to the same one.
 */
export async function claimPart(file: string): Promise<DownloadPart> {
  const parent = dirname(file);
  const folder = partFolder(file, `${process.pid}-${HOST}`);
  try {
    await mkdir(parent, { recursive: true });
    let isClaimed = false;
    for (const left of await findAbandoned(file)) {
      const place = isClaimed ? partFolder(file, `${process.pid}-${HOST}`) : folder;
      if (!(await moved(left, place))) continue;
      if (isClaimed) await rm(place, { recursive: true, force: true });
      isClaimed = true;
    }
    if (!isClaimed) await mkdir(folder);
  } catch (error) {
    throw writeError(file, error);
  }
  return partIn(file, folder);
}

function partIn(file: string, folder: string): DownloadPart {
  const content = join(folder, 'content');
  const sourceFile = join(folder, 'source.json');
  return {
    content,
    size: () => sizeOf(content),
    async source() {
      try {
        return JSON.parse(await readFile(sourceFile, 'utf8')) as PartSource;
      } catch {
        return undefined; // killed before it was written
      }
    },
    async restart(source) {
      await rm(sourceFile, { force: true });
      await rm(content, { force: true });
      if (source) await writeFileAtomic(sourceFile, JSON.stringify(source));
    },
    async release() {
      if ((await sizeOf(content)) === 0) await this.remove();
      else await moved(folder, partFolder(file, FREE));
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function partFolder(file: string, owner: string): string {
  return join(dirname(file), `.${basename(file)}.${owner}-${randomUUID().slice(0, 8)}.part`);
}

/** Parts that belong to nobody any more, the largest first. */
async function findAbandoned(file: string): Promise<string[]> {
  const parent = dirname(file);
  const start = `.${basename(file)}.`;
  const owned = /^(free|(\d+)-([0-9a-f]{8}))-[0-9a-f]{8}\.part$/;
  const found: { folder: string; size: number }[] = [];
  for (const name of await readdir(parent)) {
    const owner = name.startsWith(start) ? owned.exec(name.slice(start.length)) : null;
    if (!owner) continue;
    const folder = join(parent, name);
    const [, kind, pid, host] = owner;
    const isFree = kind === FREE || (await isAbandoned(folder, Number(pid), host!));
    if (isFree) found.push({ folder, size: await sizeOf(join(folder, 'content')) });
  }
  return found.sort((a, b) => b.size - a.size).map(({ folder }) => folder);
}

async function isAbandoned(folder: string, pid: number, host: string): Promise<boolean> {
  const changes = [folder, join(folder, 'content')].map((path) => stat(path).catch(() => undefined));
  const lastChange = Math.max(0, ...(await Promise.all(changes)).map((facts) => facts?.mtimeMs ?? 0));
  if (Date.now() - lastChange > ABANDONED_AFTER) return true;
  if (host !== HOST) return false;
  // In a container a new process often has the number of the one that was killed.
  if (pid === process.pid) return lastChange < Date.now() - process.uptime() * 1000;
  return !isRunning(pid);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** False if another process was faster. */
async function moved(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

async function sizeOf(file: string): Promise<number> {
  const facts = await stat(file).catch(() => undefined);
  return facts?.size ?? 0;
}
