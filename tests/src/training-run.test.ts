import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSyntheticDataset } from 'xray-dataset';
import { ROOT, runInTerminal, runXray } from './run-program.js';

/** Small enough for seconds: 16 patients per class, 32 pixels. */
const SMALL = ['--limit', '32', '--image-size', '32', '--epochs', '4', '--seed', '3'];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xray-run-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const json = async (...path: string[]) => JSON.parse(await readFile(join(folder, ...path), 'utf8'));
const bytes = (...path: string[]) => readFile(join(folder, ...path));
const output = (name: string) => ['--output', join(folder, name)];

/** A dataset folder with real files, drawn synthetically. */
async function writeImages(name: string): Promise<string> {
  const { samples, decode } = createSyntheticDataset({
    patientsPerFinding: 8,
    seed: 9,
    height: 40,
    width: 44,
  });
  for (const [index, sample] of samples.entries()) {
    const { pixels, height, width } = await decode(sample);
    const patient = Number(/patient(\d+)/.exec(sample.id)![1]);
    const file =
      sample.finding === 'normal'
        ? `NORMAL/IM-${1000 + patient}-${1000 + index}.jpeg`
        : `PNEUMONIA/person${patient}_${sample.finding === 'viral' ? 'virus' : 'bacteria'}_${index}.jpeg`;
    const target = join(folder, name, file);
    await cp(join(import.meta.dirname, 'run-program.ts'), target, { recursive: true }); // makes the folders
    await sharp(pixels, { raw: { height, width, channels: 1 } })
      .jpeg()
      .toFile(target);
  }
  return join(folder, name);
}

const REAL_IMAGES = join(ROOT, '..', 'shared', 'data', 'chest_xray_224');
const ORIGINALS = join(ROOT, '..', 'shared', 'data', 'originals', 'train', 'NORMAL');
if (!existsSync(REAL_IMAGES)) console.warn(`Skipped: ${REAL_IMAGES} with real X-rays is not there.`);

describe('cnn-2-classes', () => {
  it('gives the same run whether it is killed and resumed or not', async () => {
    const whole = await runXray('train --recipe cnn-2-classes', [...SMALL, ...output('whole')]);
    expect(whole.code, whole.stderr).toBe(0);

    const killed = await runXray(
      'train --recipe cnn-2-classes',
      [...SMALL, ...output('killed')],
      (stderr, kill) => {
        if (stderr.includes('epoch 2/4')) kill('SIGKILL');
      },
    );
    expect(killed.signal).toBe('SIGKILL');
    expect(await readdir(join(folder, 'killed'))).not.toContain('model');
    const resumed = await runXray('train --recipe cnn-2-classes', [
      ...SMALL,
      ...output('killed'),
      '--resume',
    ]);
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(resumed.stderr).not.toContain('epoch 1/4');

    for (const file of ['predictions.csv', 'evaluation.json', 'model/weights.bin']) {
      expect(await bytes('killed', file), file).toEqual(await bytes('whole', file));
    }
    const untimed = async (name: string) =>
      (await bytes(name, 'history.csv')).toString().replace(/(,[\d.]+){2}$/gm, ''); // seconds, stall_share
    expect(await untimed('killed')).toBe(await untimed('whole'));
  });

  it('leaves a complete run folder and prints the report', async () => {
    const { stdout, stderr } = await runXray('train --recipe cnn-2-classes', [
      ...SMALL,
      ...output('complete'),
      '--as-published',
    ]);
    const files = await readdir(join(folder, 'complete'));
    const run = await json('complete', 'run.json');
    const evaluation = await json('complete', 'evaluation.json');

    expect(files.sort()).toEqual(
      [
        'checkpoints',
        'evaluation.json',
        'history.csv',
        'model',
        'predictions.csv',
        'report.html',
        'run.json',
        'split.json',
      ].sort(),
    );
    expect(run).toMatchObject({
      status: 'finished',
      seed: 3,
      epochs: 4,
      split: { name: 'at-random', testCarvedByPatient: true },
    });
    expect(run.dataSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(evaluation).toMatchObject({
      threshold: 0.5,
      thresholdRule: 'half',
      classNames: ['normal', 'pneumonia'],
    });
    expect(evaluation.intervals.auroc).toHaveLength(2);
    expect(stdout).toMatch(/precision\s+recall\s+f1-score\s+support/);
    expect(stderr).toMatch(
      /Took \d+ s\. Research only, not a medical device\.\nReport: .*report\.html\n.*With your own:/,
    );
    const page = (await bytes('complete', 'report.html')).toString();
    expect(page).toContain('patients are on both sides of it');
    expect(page).toContain('the last weights were kept');
    expect(page).not.toMatch(/The weights of epoch \d+ were kept|\(best\)/);
    expect(page).toContain('Research only, not a medical device');
  });

  it('ends cleanly on Ctrl+C in a terminal, which reaches all processes, and says how to go on', async () => {
    let isSent = false;
    const args = [...SMALL, '--image-size', '64', ...output('stopped')];
    const stopped = await runInTerminal('train --recipe cnn-2-classes', args, (stderr, kill) => {
      if (!isSent && stderr.includes('epoch 1/4')) {
        isSent = true;
        kill('SIGINT');
      }
    });
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toMatch(/Interrupted\. Go on with: xray resume .*stopped/);
    expect(await json('stopped', 'run.json')).toMatchObject({ status: 'running', settings: { seed: 3 } });
  });

  it('refuses a folder with another run in it, and other settings for the same run', async () => {
    const args = [...SMALL, ...output('once'), '--epochs', '1'];
    expect((await runXray('train --recipe cnn-2-classes', args)).code).toBe(0);
    const again = await runXray('train --recipe cnn-2-classes', args);
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(/once: is not empty\. Choose another `--output`, or add `--resume`/);
    const other = await runXray('train --recipe cnn-2-classes', [
      ...args,
      '--resume',
      '--learning-rate',
      '0.5',
    ]);
    expect(other.stderr).toContain(
      'the run was made with other settings: learningRate was 0.001 and is now 0.5',
    );
  });

  it('works on files, and its bundle predicts what the run predicted', async () => {
    const data = await writeImages('images');
    const flags = ['--data', data, '--image-size', '32', '--epochs', '1', '--learning-rate', '1e-3'];
    const trained = await runXray('train --recipe cnn-2-classes', [...flags, ...output('files')]);
    expect(trained.code, trained.stderr).toBe(0);

    const rows = (await bytes('files', 'predictions.csv')).toString().trim().split('\n').slice(1);
    const expected = new Map(rows.map((row) => [row.split(',')[0]!, Number(row.split(',')[5])]));
    const files = [...expected.keys()].map((id) => join(data, id));
    const predicted = await runXray('predict', ['--model', join(folder, 'files'), ...files]);
    expect(predicted.code, predicted.stderr).toBe(0);
    const lines = predicted.stdout.trim().split('\n');
    expect(lines[0]).toBe('file,class,p_normal,p_pneumonia,is_pneumonia,warnings');
    expect(lines.length - 1).toBe(expected.size);
    for (const [index, probability] of [...expected.values()].entries()) {
      expect(Number(lines[index + 1]!.split(',')[3])).toBeCloseTo(probability, 5);
    }

    const evaluated = await runXray('evaluate', [
      '--model',
      join(folder, 'files', 'model'),
      '--data',
      data,
      ...output('evaluated'),
    ]);
    expect(evaluated.code, evaluated.stderr).toBe(0);
    const evaluation = await json('evaluated', 'evaluation.json');
    expect(evaluation).toMatchObject({ sampleCount: 48, thresholdFrom: 'bundle' });
    const { sides: split } = await json('files', 'split.json');
    const warning = `THE MODEL WAS TRAINED ON ${split.train.length} of 48 images`;
    for (const text of [evaluated.stderr, (await bytes('evaluated', 'report.html')).toString()])
      expect(text).toContain(warning);
    expect(evaluated.stderr).toContain(`chosen on ${split.validation.length} of 48 images`);
    expect(evaluation.threshold).toBe((await json('files', 'evaluation.json')).threshold);

    const other = join(folder, 'other-findings');
    await cp(join(data, 'NORMAL'), join(other, 'NORMAL'), { recursive: true });
    await cp(join(data, 'NORMAL'), join(other, 'COVID'), { recursive: true });
    for (const [index, file] of (await readdir(join(other, 'COVID'))).entries()) {
      await rename(join(other, 'COVID', file), join(other, 'COVID', `scan-${index}.jpeg`));
    }
    const model = ['--model', join(folder, 'files'), ...output('refused')];
    const uncovered = await runXray('evaluate', [...model, '--data', other]);
    expect(uncovered.stderr).toMatch(/COVID|covid/);
    const noSide = await runXray('evaluate', [...model, '--data', data, '--on', 'test']);
    expect(noSide.stderr).toMatch(/`--on` must be a split that .* has\. Received: "test"/);
    expect(await readdir(folder)).not.toContain('refused');
  });

  it.skipIf(!existsSync(REAL_IMAGES))('works on real X-rays, small and in full size', async () => {
    const flags = ['--data', REAL_IMAGES, '--limit', '60', '--image-size', '64', '--epochs', '2'];
    const trained = await runXray('train --recipe cnn-2-classes', [...flags, ...output('real')]);
    expect(trained.code, trained.stderr).toBe(0);
    const page = (await bytes('real', 'report.html')).toString();
    expect(page).toContain('(kaggle layout), drawn from 5216 with at most 60 per class');
    expect(page).toContain('The data has no test side');

    const files = (await readdir(ORIGINALS)).map((name) => join(ORIGINALS, name));
    const predicted = await runXray('predict', ['--model', join(folder, 'real'), ...files]);
    expect(predicted.code, predicted.stderr).toBe(0);
    expect(predicted.stdout.trim().split('\n')).toHaveLength(files.length + 1);
  });

  it('names a corrupt image, or skips it and says so in the report', async () => {
    const data = await writeImages('corrupt');
    const [name] = await readdir(join(data, 'NORMAL'));
    const file = join(data, 'NORMAL', name!);
    await writeFile(file, (await readFile(file)).subarray(0, 700));
    const flags = ['--data', data, '--image-size', '32', '--epochs', '1'];

    const failed = await runXray('train --recipe cnn-2-classes', [...flags, ...output('failed')]);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain(name);
    expect(failed.stderr).toContain('--on-bad-image skip');
    expect(await readdir(folder)).not.toContain('failed');
    const skipped = await runXray('train --recipe cnn-2-classes', [
      ...flags,
      ...output('skipped'),
      '--on-bad-image',
      'skip',
    ]);
    expect(skipped.code, skipped.stderr).toBe(0);
    const page = (await bytes('skipped', 'report.html')).toString();
    expect(page).toContain('1 images could not be read and were left out');
    expect(page).toContain(name);
  });

  it.each([
    { what: 'a missing folder', flags: ['--data', '/nowhere/at-all'], message: /nowhere\/at-all/ },
    {
      what: 'an output below a file',
      flags: ['--output', '/dev/null/run'],
      message: /cannot be used as a run folder \(ENOTDIR\)/,
    },
    { what: 'a wrong number', flags: ['--epochs', '0'], message: /--epochs.*It must be at least 1/ },
    { what: 'an unknown flag', flags: ['--epoch', '3'], message: /unknown option '--epoch'/ },
    {
      what: 'a table without images',
      flags: ['--mapping', 'chexpert'],
      message: /`--mapping` must be left out without `data`/,
    },
    { what: '--resume without a folder', flags: ['--resume'], message: /--resume needs --output/ },
    {
      what: 'too few patients',
      flags: ['--limit', '2', '--output', 'TEMP'],
      message: /at least 3 patients|at least 2 patients/,
    },
  ])('explains $what in a sentence, without a stack', async ({ flags, message }) => {
    const args = flags.map((flag) => (flag === 'TEMP' ? join(folder, `error-${flags.join('')}`) : flag));
    const withOutput =
      args.includes('--output') || args.includes('--resume')
        ? args
        : [...args, ...output(`error-${flags[0]}`)];
    const { code, stderr } = await runXray('train --recipe cnn-2-classes', withOutput);

    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect((await readdir(folder)).filter((name) => name.startsWith('error-'))).toEqual([]);
  });
});
