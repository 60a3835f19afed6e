import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runXray } from '../run-program.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'memory-advice-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** In MiB; two workers take half of a batch each. */
const limitOf = (workers: number) => 24 / workers;

const train = (name: string, microBatch: number, workers: number) =>
  runXray('train --recipe cnn-2-classes', [
    ...['--device', 'wasm', '--memory-limit', String(limitOf(workers)), '--workers', String(workers)],
    ...['--image-size', '64', '--limit', '40', '--epochs', '1', '--batch-size', '64'],
    ...['--micro-batch', String(microBatch), '--output', join(folder, name)],
  ]);

describe.each([1, 2])('a program whose device has too little memory, with %i workers', (workers) => {
  it('says for how many images at once there is enough, and that is so', async () => {
    const failed = await train(`failed-${workers}`, 64, workers);
    expect(failed.code, failed.stderr).toBe(1);
    const told =
      /^Error: The memory limit of \d+ MiB, .* with 64 images at once\. By measurement it is enough for (\d+) at once; .*`--micro-batch`/m;
    expect(failed.stderr).toMatch(told);

    const fitting = Number(failed.stderr.match(told)![1]);
    const { code, stderr } = await train(`fits-${workers}`, fitting, workers);
    expect(code, stderr).toBe(0);
  });
});
