import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimWorkFolder, releaseWorkFolder } from './work-folder.js';

let parent: string;
let target: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'xray-work-'));
  target = join(parent, 'made', 'data.zip');
});
afterEach(() => rm(parent, { recursive: true }));

const claim = () => claimWorkFolder(target, 'part');
const release = (folder: string) => releaseWorkFolder(folder, target, 'part');

/** Gives a folder the name it has when process `pid` of this machine owns it. */
async function giveTo(pid: number, folder: string): Promise<string> {
  const given = folder.replace(`.${process.pid}-`, `.${pid}-`);
  await rename(folder, given);
  return given;
}

describe('claimWorkFolder', () => {
  it('gives every call a folder of its own, and one that was released to one call', async () => {
    const first = await claim();
    expect(basename(first)).toMatch(/^\.data\.zip\.\d+-[0-9a-f]{8}-[0-9a-f]{8}\.part$/);
    await writeFile(join(first, 'note'), 'kept');
    const second = await claim();
    expect(await readdir(second)).toEqual([]);
    await release(first);
    const [third, fourth] = await Promise.all([claim(), claim()]);
    const notes = [...(await readdir(third)), ...(await readdir(fourth))];
    expect(notes).toEqual(['note']);
  });

  it('takes the one with most in it and removes the others', async () => {
    const folders = [await claim(), await claim(), await claim()];
    for (const [index, size] of [20, 300, 1].entries())
      await writeFile(join(folders[index]!, 'note'), 'x'.repeat(size));
    await Promise.all(folders.map(release));
    const folder = await claim();
    expect(await readFile(join(folder, 'note'), 'utf8')).toHaveLength(300);
    expect(await readdir(join(parent, 'made'))).toEqual([basename(folder)]);
  });

  it('takes over from processes that ended, and not from those that run', async () => {
    const child = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)']);
    const theirs = await giveTo(child.pid!, await claim());
    const own = await claim();
    expect(await readdir(join(parent, 'made'))).toHaveLength(2);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.on('exit', resolve));
    await writeFile(join(theirs, 'note'), '');
    expect(await readdir(await claim())).toEqual(['note']);
    expect(await readdir(join(parent, 'made'))).toContain(basename(own));
  });

  it('takes over from a process that had the same number, as in a container, and after a day from any', async () => {
    const before = new Date(Date.now() - process.uptime() * 1000 - 5000);
    const mine = await claim();
    await writeFile(join(mine, 'note'), '');
    for (const path of [join(mine, 'note'), mine]) await utimes(path, before, before);
    const taken = await claim();
    expect(await readdir(taken)).toEqual(['note']);

    const elsewhere = join(parent, 'made', '.data.zip.1-ffffffff-00000000.part');
    await rename(taken, elsewhere);
    expect(await readdir(await claim())).toEqual([]);
    const yesterday = new Date(Date.now() - 25 * 60 * 60 * 1000);
    for (const path of [join(elsewhere, 'note'), elsewhere]) await utimes(path, yesterday, yesterday);
    expect(await readdir(await claim())).toEqual(['note']);
  });

  it('leaves alone what has another target, purpose or form', async () => {
    await mkdir(join(parent, 'made'));
    const others = [
      '.data.zip.free-0.part',
      '.data.zip.free-00000000.other',
      '.data.free-00000000.part',
      'data.zip.part',
    ];
    for (const name of others) await mkdir(join(parent, 'made', name));
    const folder = await claim();
    expect((await readdir(join(parent, 'made'))).sort()).toEqual([...others, basename(folder)].sort());
  });
});
