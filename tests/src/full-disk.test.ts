import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runXray } from './run-program.js';

const disk = mkdtempSync(join(tmpdir(), 'xray-disk-'));
const mount = (...args: string[]) => execFileSync('mount', args, { stdio: 'ignore' });

/** A disk of a megabyte or two needs the right to mount one. */
const canMount = (() => {
  try {
    mount('-t', 'tmpfs', '-o', 'size=1700k', 'tmpfs', disk);
    return true;
  } catch {
    console.warn('Skipped: tests of full and read-only disks need the right to mount a tmpfs.');
    return false;
  }
})();
afterAll(() => {
  if (canMount) execFileSync('umount', [disk]);
  rmSync(disk, { recursive: true, force: true });
});

const FLAGS = ['--limit', '32', '--image-size', '32', '--epochs', '3', '--seed', '5'];

describe.skipIf(!canMount)('a disk that fills up', () => {
  it('ends the run with its reason, keeps the finished epoch, and the run goes on when there is room', async () => {
    const output = ['--output', join(disk, 'run')];
    const failed = await runXray('train --recipe cnn-2-classes', [...FLAGS, ...output]);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(/could not be written \(ENOSPC\)\. The disk is full: free some space/);
    expect((await readdir(join(disk, 'run', 'checkpoints'))).sort()).toEqual([
      'best-epoch-1.checkpoint',
      'last.checkpoint',
    ]);

    mount('-o', 'remount,size=20m', disk);
    const resumed = await runXray('train --recipe cnn-2-classes', [...FLAGS, ...output, '--resume']);
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(resumed.stderr).not.toContain('epoch 1/3');
    const whole = await runXray('train --recipe cnn-2-classes', [...FLAGS, '--output', join(disk, 'whole')]);
    expect(whole.code, whole.stderr).toBe(0);
    expect(await readFile(join(disk, 'run', 'predictions.csv'))).toEqual(
      await readFile(join(disk, 'whole', 'predictions.csv')),
    );
  });

  it('says that a read-only place cannot be used', async () => {
    mount('-o', 'remount,ro', disk);
    const { code, stderr } = await runXray('train --recipe cnn-2-classes', [
      ...FLAGS,
      '--output',
      join(disk, 'other'),
    ]);
    mount('-o', 'remount,rw', disk);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /run\.json: could not be written \(\w+\)\. The (folder cannot be created|file system is read-only)/,
    );
  });
});
