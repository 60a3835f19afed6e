import { hash, randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { writeError } from './atomic-file.js';

/** A folder nobody has written to for so long, in milliseconds, is free, wherever its owner ran. */
const ABANDONED_AFTER = 24 * 60 * 60 * 1000;
const FREE = 'free';
const HOST = hash('sha256', hostname()).slice(0, 8);

/**
 * A hidden folder `.<name>.<owner>.<purpose>` beside `target`, for work that is not finished, which belongs to this call
 * alone. One that an earlier call released, or a killed process left, is taken over with what is in it: by renaming it,
 * which only one of several processes can do. Of several, the one with most in it is taken and the others are removed.
 *
 * @param purpose - Extension of the folder, for example `part`.
 * @returns Path of the folder, for `releaseWorkFolder` or to be removed.
 * @throws {FileError} If the place cannot be written to.
 */
export async function claimWorkFolder(target: string, purpose: string): Promise<string> {
  const parent = dirname(target);
  const own = () => workFolder(target, `${process.pid}-${HOST}`, purpose);
  try {
    await mkdir(parent, { recursive: true });
    let claimed: string | undefined;
    for (const left of await findAbandoned(target, purpose)) {
      const place = own();
      if (!(await moved(left, place))) continue;
      if (claimed === undefined) claimed = place;
      else await rm(place, { recursive: true, force: true });
    }
    if (claimed !== undefined) return claimed;
    const fresh = own();
    await mkdir(fresh);
    return fresh;
  } catch (error) {
    throw writeError(target, error);
  }
}

/** Leaves a folder of `claimWorkFolder` to the next call, of this process or another one. */
export async function releaseWorkFolder(folder: string, target: string, purpose: string): Promise<void> {
  await moved(folder, workFolder(target, FREE, purpose));
}

function workFolder(target: string, owner: string, purpose: string): string {
  return join(dirname(target), `.${basename(target)}.${owner}-${randomUUID().slice(0, 8)}.${purpose}`);
}

/** Folders that belong to nobody any more, the one with most in it first. */
async function findAbandoned(target: string, purpose: string): Promise<string[]> {
  const parent = dirname(target);
  const start = `.${basename(target)}.`;
  const end = `.${purpose}`;
  const found: { folder: string; bytes: number }[] = [];
  for (const name of await readdir(parent)) {
    if (!name.startsWith(start) || !name.endsWith(end)) continue;
    const owner = /^(free|(\d+)-([0-9a-f]{8}))-[0-9a-f]{8}$/.exec(name.slice(start.length, -end.length));
    if (!owner) continue;
    const folder = join(parent, name);
    const { changed, bytes } = await factsOf(folder);
    const [, kind, pid, host] = owner;
    if (kind === FREE || isAbandoned(changed, Number(pid), host!)) found.push({ folder, bytes });
  }
  return found.sort((a, b) => b.bytes - a.bytes).map(({ folder }) => folder);
}

function isAbandoned(changed: number, pid: number, host: string): boolean {
  if (Date.now() - changed > ABANDONED_AFTER) return true;
  if (host !== HOST) return false;
  // In a container a new process often has the number of the one that was killed.
  if (pid === process.pid) return changed < Date.now() - process.uptime() * 1000;
  return !isRunning(pid);
}

/** Last change in milliseconds and size of a folder and what lies directly in it. */
async function factsOf(folder: string): Promise<{ changed: number; bytes: number }> {
  const names = await readdir(folder).catch(() => []);
  const paths = [folder, ...names.map((name) => join(folder, name))];
  let changed = 0;
  let bytes = 0;
  for (const path of paths) {
    const facts = await stat(path).catch(() => undefined);
    changed = Math.max(changed, facts?.mtimeMs ?? 0);
    if (facts?.isFile()) bytes += facts.size;
  }
  return { changed, bytes };
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
