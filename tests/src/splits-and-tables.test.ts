import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSyntheticDataset } from 'xray-dataset';
import { ROOT, runXray } from './run-program.js';

const TINY = ['--image-size', '32', '--epochs', '1', '--workers', '1', '--learning-rate', '1e-3'];
const MAPPING = 'image=file,finding=label,patient=subject';
const MEDMNIST = join(ROOT, '..', 'shared', 'data', 'pneumoniamnist_balanced_28.npz');
if (!existsSync(MEDMNIST)) console.warn(`Skipped: ${MEDMNIST} is not there.`);

let folder: string;
/** Flags that name the images and the table of them. */
let table: string[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xray-tables-'));
  table = ['--data', join(folder, 'images'), '--mapping', MAPPING];
  const { samples, decode } = createSyntheticDataset({
    ...{ patientsPerFinding: 10, imagesPerPatient: 2, seed: 9, height: 40, width: 44 },
  });
  const rows = ['file,label,subject'];
  for (const [index, sample] of samples.entries()) {
    const { pixels, height, width } = await decode(sample);
    const file = join(folder, 'images', 'all', `${index}.png`);
    await mkdir(dirname(file), { recursive: true });
    await sharp(pixels, { raw: { height, width, channels: 1 } }).toFile(file);
    rows.push(`${index}.png,${sample.finding === 'normal' ? 0 : 1},${sample.patientId}`);
  }
  await writeFile(join(folder, 'images', 'labels.csv'), rows.join('\n'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const read = (...path: string[]) => readFile(join(folder, ...path), 'utf8');
const findings = ['--findings', '0=normal,1=pneumonia'];

describe('tables and saved splits', () => {
  it('train from a table, keep the split, and reproduce it exactly from its file', async () => {
    const train = (name: string, ...more: string[]) =>
      runXray('train --recipe cnn-2-classes', [
        ...[...table, ...findings, ...TINY],
        ...['--output', join(folder, name), ...more],
      ]);
    const first = await train('first', '--seed', '3', '--validation-share', '0.3');
    expect(first.code, first.stderr).toBe(0);
    const split = JSON.parse(await read('first', 'split.json'));
    expect(split.method).toMatchObject({ name: 'by-patient', seed: 3, validationShare: 0.3 });
    expect(Object.values(split.sides).flat()).toHaveLength(60);

    const file = join(folder, 'first', 'split.json');
    const again = await train('again', '--seed', '4', '--split', file);
    expect(again.code, again.stderr).toBe(0);
    expect(await read('again', 'split.json')).toBe(await read('first', 'split.json'));
    expect(await read('again', 'report.html')).toContain('The split is that of');
    const testIds = (csv: string) =>
      csv
        .trim()
        .split('\n')
        .slice(1)
        .map((row) => row.split(',')[0]);
    expect(testIds(await read('again', 'predictions.csv'))).toEqual(split.sides.test);

    const measured = await runXray('evaluate', [
      ...[...table, ...findings, '--model', join(folder, 'first'), '--workers', '1'],
      ...['--split', file, '--on', 'validation', '--output', join(folder, 'measured')],
    ]);
    expect(measured.code, measured.stderr).toBe(0);
    expect(testIds(await read('measured', 'predictions.csv'))).toEqual(split.sides.validation);

    const other = await train('other', '--split', file, '--limit', '10');
    expect(other.code).toBe(1);
    expect(other.stderr).toMatch(
      /split\.json: the split was made for other images: \d+ of its images are not/,
    );
    const both = await train('both', '--split', file, '--fold', '1/5');
    expect(both.stderr).toMatch(/'--fold <k\/n>' cannot be used with option '--split <file>'/);
    const resumed = await train('first', '--seed', '3', '--validation-share', '0.2', '--resume');
    expect(resumed.stderr).toContain('validationShare was 0.3 and is now 0.2');
  });

  it('explain what is missing', async () => {
    const flags = [...TINY, '--output', join(folder, 'never')];
    const unmapped = await runXray('train --recipe cnn-2-classes', [...table, ...flags]);
    expect(unmapped.stderr).toMatch(/class list \(normal, .*the table has: 0, 1/);
    const unused = await runXray('train --recipe cnn-2-classes', [
      ...table.slice(0, 2),
      '--views',
      'PA',
      ...flags,
    ]);
    expect(unused.stderr).toMatch(
      /`--views` must be left out for .*images, where no DICOM file states a view/,
    );
    const untold = await runXray('train --recipe cnn-2-classes', [
      ...['--data', join(folder, 'images', 'all'), '--mapping', MAPPING],
      ...flags,
    ]);
    expect(untold.stderr).toMatch(/`--manifest` must be given, because .*all holds no table/);
    expect(existsSync(join(folder, 'never'))).toBe(false);
  });

  it.skipIf(!existsSync(MEDMNIST))('take the official sides of a MedMNIST file', async () => {
    const output = join(folder, 'medmnist');
    const run = await runXray('train --recipe cnn-2-classes', [
      ...['--data', MEDMNIST, '--limit', '100', ...TINY, '--output', output],
    ]);
    expect(run.code, run.stderr).toBe(0);
    const { method, sides } = JSON.parse(await readFile(join(output, 'split.json'), 'utf8'));
    expect(method).toEqual({ name: 'own-sides' });
    for (const side of ['train', 'validation', 'test'])
      expect(sides[side].every((id: string) => id.startsWith(`${side}/`))).toBe(true);
  });
});
