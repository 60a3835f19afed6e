import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSyntheticDataset } from 'xray-dataset';
import { encodePng } from 'xray-dataset/node';
import { runXray } from '../run-program.js';

const SMALL = ['--image-size', '32', '--limit', '24', '--epochs', '3', '--workers', '1', '--device', 'wasm'];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xray-command-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
const file = (...names: string[]) => join(folder, ...names);
const json = async (...names: string[]) => JSON.parse(await readFile(file(...names), 'utf8'));
const events = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('xray', () => {
  it('lists its commands', async () => {
    const { stdout, code } = await runXray('--help', []);
    expect(code).toBe(0);
    for (const name of ['train', 'resume', 'finish', 'evaluate', 'predict', 'audit', 'recipes', 'doctor'])
      expect(stdout).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
    expect(stdout).toContain('Exit codes: 0 done, 1 failed');
    expect((await runXray('trian', [])).stderr).toContain('Did you mean train?');
  });

  it('tells machines everything as JSON, and people nothing where they want it quiet', async () => {
    const told = await runXray('train --json', [...SMALL, '--epochs', '1', '--output', file('json')]);
    expect(told.code, told.stderr).toBe(0);
    const all = events(told.stdout);
    expect(all.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['note', 'decode', 'epoch-start', 'batch-end', 'epoch-end', 'predict']),
    );
    const { auroc } = await json('json', 'evaluation.json');
    expect(all.find(({ type }) => type === 'result')).toMatchObject({ folder: file('json'), auroc });
    const failed = await runXray('train --json', [...SMALL, '--output', file('json')]);
    expect(failed.code).toBe(1);
    expect(events(failed.stdout).at(-1)).toMatchObject({ type: 'error', code: 'bad-file' });

    const flags = ['--model', file('json'), '--data', await images(), '--output', file('quiet')];
    const quiet = await runXray('evaluate --quiet', flags);
    expect(quiet.code, quiet.stderr).toBe(0);
    expect(quiet.stderr.replaceAll(/^.*TensorFlow\.js.*$|^=+$/gm, '').trim()).toBe('');
    expect(quiet.stdout).toMatch(/precision\s+recall/);
  });

  it('goes on with a run and finishes one, without being told its settings again', async () => {
    const long = [...SMALL, '--epochs', '25']; // so many that a signal arrives before the last one
    const whole = await runXray('train', [...long, '--output', file('whole')]);
    expect(whole.code, whole.stderr).toBe(0);
    let isSent = false; // a second one would end it at once
    const killed = await runXray('train', [...long, '--output', file('part')], (stderr, kill) => {
      if (isSent || !stderr.includes('epoch 1/25')) return;
      isSent = true;
      kill('SIGINT');
    });
    expect(killed.code).toBe(130);
    expect(killed.stderr).toContain(`Go on with: xray resume ${file('part')}`);

    const finished = await runXray('finish', [file('part'), '--device', 'wasm', '--workers', '1']);
    expect(finished.code, finished.stderr).toBe(0);
    const { stopped, epochs } = await json('part', 'run.json');
    expect([stopped, epochs < 25]).toEqual(['stopped', true]);
    expect(await readFile(file('part', 'report.html'), 'utf8')).toContain('Stopped on request after');

    const resumed = await runXray('resume', [file('part'), '--device', 'wasm', '--workers', '1']);
    expect(resumed.code, resumed.stderr).toBe(0);
    const predictions = (run: string) => readFile(file(run, 'predictions.csv'), 'utf8');
    expect(await predictions('part')).toBe(await predictions('whole'));

    const none = await runXray('resume', [file('nothing')]);
    expect([none.code, none.stderr]).toEqual([1, expect.stringMatching(/run\.json: could not be read/)]);
  });

  it('stops after a time, with a whole run', async () => {
    const end = await runXray('train --stop-after 1s', [
      ...SMALL,
      '--epochs',
      '999',
      '--output',
      file('timed'),
    ]);
    expect(end.code, end.stderr).toBe(0);
    expect((await json('timed', 'run.json')).stopped).toBe('stopped');
  });

  it('trains recipes from files, says what is wrong with them, and keeps the whole one', async () => {
    const { stdout } = await runXray('recipes show robust', []);
    const recipe = { ...JSON.parse(stdout), name: 'mine', shifts: false, thresholdRule: 'sensitivity>=0.9' };
    await writeFile(file('mine.json'), JSON.stringify(recipe));
    const flags = ['--recipe', file('mine.json'), ...SMALL, '--epochs', '1', '--output', file('mine')];
    const end = await runXray('train', flags);
    expect(end.code, end.stderr).toBe(0);
    const run = await json('mine', 'run.json');
    expect(run.recipe).toEqual({
      ...recipe,
      images: { size: 32, channels: 1 },
      training: { ...recipe.training, epochs: 1 },
    });
    expect((await json('mine', 'evaluation.json')).thresholdRule).toBe('sensitivity>=0.9');

    await writeFile(file('wrong.json'), JSON.stringify({ ...recipe, shifts: 'yes', epochs: 3 }));
    const wrong = await runXray('train', ['--recipe', file('wrong.json'), '--output', file('never')]);
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toMatch(/wrong\.json.*epochs.*expected boolean, received string at shifts/s);
    const misplaced = await runXray('train --recipe robust --weights imagenet', ['--output', file('never')]);
    expect(misplaced.stderr).toContain('`--weights` must be left out with recipe robust');
  });

  it('takes flags from the environment and from a file, in that order', async () => {
    await mkdir(file('configured'));
    const values = { recipes: {}, train: { epochs: 1, seed: 5, imageSize: 32, limit: 24, workers: 1 } };
    await writeFile(file('configured', 'xray.config.json'), JSON.stringify(values));
    const at = { cwd: file('configured'), env: { ...process.env, XRAY_SEED: '6', XRAY_OUTPUT: 'run' } };
    const end = await runXray('train', ['--image-size', '33'], undefined, at);
    expect(end.code, end.stderr).toBe(0);
    const { seed, recipe } = await json('configured', 'run', 'run.json');
    expect([seed, recipe.training.epochs, recipe.images.size]).toEqual([6, 1, 33]);

    await writeFile(file('configured', 'xray.config.json'), JSON.stringify({ train: { epoch: 1 } }));
    const wrong = await runXray('train', [], undefined, at);
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('`train.epoch in ')]);
  });

  it('saves the calibrated model that it measured', async () => {
    const data = await images();
    const flags = ['--data', data, '--image-size', '32', '--epochs', '4', '--workers', '1', '--no-shifts'];
    const shares = ['--validation-share', '0.5', '--test-share', '0.25', '--output', file('calibrated')];
    const end = await runXray('train --threshold youden --learning-rate 1e-3', [...flags, ...shares]);
    expect(end.code, end.stderr).toBe(0);
    const { calibration } = await json('calibrated', 'run.json');
    expect(end.stderr).toContain(`temperature ${calibration.temperature.toFixed(3)}`);
    const again = await runXray('evaluate', [
      ...['--model', file('calibrated'), '--data', data, '--output', file('calibrated-again')],
      ...['--split', file('calibrated', 'split.json'), '--workers', '1'],
    ]);
    expect(again.code, again.stderr).toBe(0);
    const [first, second] = [
      await json('calibrated', 'evaluation.json'),
      await json('calibrated-again', 'evaluation.json'),
    ];
    for (const name of ['auroc', 'brier', 'threshold', 'sensitivity', 'specificity'])
      expect(second[name], name).toBeCloseTo(first[name], 5);
  });

  it('predicts files, folders and patterns, as CSV, JSON lines and a table', async () => {
    const data = await images();
    const csv = (await runXray('predict', [data])).stdout.trim().split('\n');
    expect(csv[0]).toBe('file,class,p_normal,p_pneumonia,is_pneumonia,warnings');
    expect(csv).toHaveLength(1 + 16);
    const lines = await runXray('predict --format jsonl', [join(data, 'NORMAL', '*-0.png')]);
    const files = events(lines.stdout).map((prediction) => prediction.file);
    expect(files).toHaveLength(4);
    expect(files.every((name) => /NORMAL.*-0\.png$/.test(name))).toBe(true);
    const table = await runXray('predict --format table', [files[0]]);
    expect(table.stdout).toMatch(/^file\s+class\s+p_normal\s+p_pneumonia.*\n\S+\.png\s+\w+\s+0\.\d{3}/);
    const none = await runXray('predict', [join(data, '*.dcm')]);
    expect(none.stderr).toContain('a file, a folder or a pattern that matches files');
  });
});

/** A folder with 8 normal and 8 other images; made once. */
async function images(): Promise<string> {
  const data = file('images');
  const { samples, decode } = createSyntheticDataset({
    patientsPerFinding: { normal: 4, bacterial: 4, viral: 0 },
    imagesPerPatient: 2,
    severity: 2,
    seed: 1,
    height: 48,
    width: 48,
  });
  for (const [index, sample] of samples.entries()) {
    const name = sample.finding === 'normal' ? 'NORMAL' : 'PNEUMONIA';
    await mkdir(join(data, name), { recursive: true });
    const [, base64 = ''] = (await encodePng(await decode(sample))).split(',');
    await writeFile(join(data, name, `${sample.patientId}-${index % 2}.png`), Buffer.from(base64, 'base64'));
  }
  return data;
}
