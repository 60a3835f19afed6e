import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NORMAL_PNEUMONIA as classList, type DatasetAudit } from 'xray-core';
import { drawSyntheticXray, splitByPatient } from 'xray-dataset';
import { indexFolder, saveSplit } from 'xray-dataset/node';
import { runXray } from './run-program.js';

let folder: string;
const file = (name: string) => join(folder, name);
const write = async (name: string, bytes: Uint8Array | string) => {
  await mkdir(dirname(file(name)), { recursive: true });
  await writeFile(file(name), bytes);
};
const draw = (seed: number) => {
  const { pixels, height, width } = drawSyntheticXray({ finding: 'normal', seed, height: 96, width: 90 });
  return sharp(pixels, { raw: { height, width, channels: 1 } });
};
const audit = (name: string, ...flags: string[]) =>
  runXray('audit', ['--data', file('images'), '--output', file(name), ...flags]);
const read = async (name: string): Promise<DatasetAudit> =>
  JSON.parse(await readFile(join(file(name), 'audit.json'), 'utf8'));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xray-audit-'));
  for (let seed = 1; seed <= 6; seed++) {
    const name = seed % 2 === 0 ? 'NORMAL' : 'PNEUMONIA';
    await write(`images/${name}/${seed}.jpeg`, await draw(seed).jpeg().toBuffer());
  }
  await write('images/NORMAL/copy.jpeg', await readFile(file('images/PNEUMONIA/1.jpeg')));
  await write('images/NORMAL/again.jpeg', await draw(3).jpeg({ quality: 40 }).toBuffer());
  await write('images/NORMAL/broken.jpeg', 'no image');
  await write('images/table.csv', 'file,label,subject\n1.jpeg,ill,a\n2.jpeg,well,b\nlost.jpeg,well,c\n');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('audit-dataset', () => {
  it('writes what it found, with thumbnails, and ends well', async () => {
    const { code, stdout, stderr } = await audit('found');
    expect(code, stderr).toBe(0);
    const found = await read('found');
    expect(found.exactDuplicates).toEqual([
      {
        ids: ['NORMAL/copy.jpeg', 'PNEUMONIA/1.jpeg'],
        ...{ same: 'bytes', across: ['classes'] },
      },
    ]);
    expect(found.nearDuplicates.map(({ ids }) => ids)).toContainEqual([
      'NORMAL/again.jpeg',
      'PNEUMONIA/3.jpeg',
    ]);
    expect(found.unreadable.map(({ id }) => id)).toEqual(['NORMAL/broken.jpeg']);
    expect(stdout).toContain('exact duplicates          1 groups, 1 across sides, classes or patients');
    expect(stderr).toContain('Research only, not a medical device.');
    const page = await readFile(join(file('found'), 'audit.html'), 'utf8');
    expect(page.match(/<img src="data:image\/png/g)!.length).toBeGreaterThanOrEqual(4);
    expect(page).toContain('NORMAL/broken.jpeg');
  });

  it('takes the sides of a saved split', async () => {
    const { samples } = await indexFolder(file('images'));
    const splits = splitByPatient(samples, { classList, validationShare: 0.4, seed: 2 });
    await saveSplit(file('split.json'), splits);
    const { code, stderr } = await audit('split', '--split', file('split.json'));
    expect(code, stderr).toBe(0);
    const sizes = (await read('split')).counts.map(({ split, images }) => ({ split, images }));
    for (const side of ['train', 'validation'] as const) {
      const images = sizes.filter(({ split }) => split === side).reduce((sum, one) => sum + one.images, 0);
      expect(images).toBe(splits[side].length);
    }
  });

  it('reads a table, and lists rows without files and files without rows', async () => {
    const { code, stderr } = await audit('table', '--mapping', 'image=file,finding=label,patient=subject');
    expect(code, stderr).toBe(0);
    expect((await read('table')).counts).toEqual([
      { split: null, finding: 'ill', images: 1, patients: 1 },
      { split: null, finding: 'well', images: 1, patients: 1 },
    ]);
    const page = await readFile(join(file('table'), 'audit.html'), 'utf8');
    expect(page).toMatch(/lost\.jpeg \(\w+\.csv, row 4\): missing-file/);
    expect(page).toContain('Images that no row of the table tells of were left out: 7.');
  });

  it('reads folders without labels, and explains errors', async () => {
    const flat = ['--unlabelled', '--near-distance', '0'];
    const { code, stderr } = await audit('flat', ...flat);
    expect(code, stderr).toBe(0);
    expect((await read('flat')).counts.map(({ finding }) => finding)).toEqual(['unlabelled']);
    expect((await read('flat')).limits.nearDistance).toBe(0);
    const both = await audit('never', '--unlabelled', '--mapping', 'chexpert');
    expect(both.stderr).toMatch(/'--unlabelled' cannot be used with option '--mapping <which>'/);
    const missing = await runXray('audit', ['--data', file('nowhere'), '--output', file('never')]);
    expect(missing.code).toBe(1);
    expect(missing.stderr).toMatch(/Error: .*nowhere: does not exist/);
    expect(existsSync(file('never'))).toBe(false);
  });
});
