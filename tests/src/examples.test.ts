import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeKaggleArchive } from './kaggle-archive/kaggle-archive.js';
import { ROOT } from './run-program.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xray-examples-'));
  const names = ['NORMAL/IM-', 'PNEUMONIA/person'].flatMap((start) =>
    Array.from({ length: 15 }, (_, index) =>
      start.endsWith('-')
        ? `train/${start}${1000 + index}-0001.jpeg`
        : `train/${start}${index}_bacteria_${index}.jpeg`,
    ),
  );
  await writeKaggleArchive(join(folder, 'data'), names);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const example = (...args: string[]) =>
  spawnSync(process.execPath, [join(ROOT, 'tools', 'run-example.mjs'), ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, INIT_CWD: folder },
  });

describe('examples/programs', () => {
  it('trains three seeds on one split and measures their mean', () => {
    const { status, stdout, stderr } = example('seed-ensemble', join(folder, 'data', 'chest_xray'), '1');
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(/seed 1: AUROC .*\nseed 2: .*\nseed 3: .*\nensemble: AUROC [\d.]+/);
  });

  it('forwards the names that programs had, and lists those there are', () => {
    const forwarded = example('predict-images', '--help');
    expect(forwarded.stderr).toContain('`example predict-images` is now `xray predict`.');
    expect(forwarded.stdout).toContain('Classifies image files');
    expect(example('nothing')).toMatchObject({ status: 1, stderr: expect.stringContaining('seed-ensemble') });
  });
});
