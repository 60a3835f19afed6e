import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Evaluation } from 'xray-core';
import { runXray } from './run-program.js';

const SMALL = ['--limit', '32', '--image-size', '32', '--seed', '3'];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xray-robust-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('trains the robust recipe, resumes it exactly, and measures it under shifts', async () => {
  const whole = join(folder, 'whole');
  const first = await runXray('train --recipe robust', [...SMALL, '--epochs', '2', '--output', whole]);
  expect(first.code, first.stderr).toBe(0);

  const killed = join(folder, 'killed');
  const flags = [...SMALL, '--epochs', '2', '--output', killed];
  const end = await runXray('train --recipe robust', flags, (stderr, kill) => {
    if (stderr.includes('epoch 1/2')) kill('SIGKILL');
  });
  expect(end.signal).toBe('SIGKILL');
  const resumed = await runXray('train --recipe robust', [...flags, '--resume']);
  expect(resumed.code, resumed.stderr).toBe(0);
  const bytes = (run: string, ...path: string[]) => readFile(join(run, ...path));
  expect(await bytes(killed, 'model', 'weights.bin')).toEqual(await bytes(whole, 'model', 'weights.bin'));
  expect(await bytes(killed, 'evaluation.json')).toEqual(await bytes(whole, 'evaluation.json'));

  const evaluation = JSON.parse(await readFile(join(whole, 'evaluation.json'), 'utf8')) as Evaluation;
  expect(evaluation.thresholdRule).toBe('youden-under-shifts');
  expect(evaluation.shifts!.shifts).toHaveLength(48);
  expect(evaluation.shifts!.threshold).toBe(evaluation.threshold);
  expect(first.stdout).toContain('Images from elsewhere');
  const report = await readFile(join(whole, 'report.html'), 'utf8');
  expect(report).toContain('AdamW with a weight decay of 0.01, one cycle');
  expect(report).toContain('images under acquisition shifts included');
}, 180_000);
