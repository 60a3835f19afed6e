import '@tensorflow/tfjs-backend-cpu';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toyModel, toySource, weightsOf } from '../__fixtures__/toy-problem.js';
import { train } from '../train.js';
import { fileCheckpoints } from './file-checkpoints.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xray-checkpoints-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = async (directory: string, epochs: number, resume: boolean) => {
  const model = toyModel();
  const { history } = await train({
    model,
    train: toySource({ sampleCount: 20, batchSize: 8, seed: 1 }),
    validation: toySource({ sampleCount: 10, batchSize: 8, seed: 2 }),
    epochs,
    seed: 7,
    learningRate: 0.02,
    checkpoints: fileCheckpoints(directory),
    resume,
  });
  return { weights: weightsOf(model), losses: history.map(({ loss }) => loss) };
};

describe('fileCheckpoints', () => {
  it('keeps the last and the best epoch, and resumes from disk as from memory', async () => {
    const directory = join(folder, 'run');
    await run(directory, 2, false);
    const files = (await readdir(directory)).sort();
    const resumed = await run(directory, 4, true);
    const whole = await run(join(folder, 'whole'), 4, false);

    expect(files).toEqual(['best-epoch-2.checkpoint', 'last.checkpoint']);
    expect((await readdir(directory)).length).toBe(2);
    expect(resumed).toEqual(whole);
  });

  it('knows no checkpoint before the first', async () => {
    expect(await fileCheckpoints(join(folder, 'empty')).read('last')).toBeUndefined();
  });

  it('refuses a damaged or missing file by name', async () => {
    const directory = join(folder, 'damaged');
    await run(directory, 2, false);
    const last = join(directory, 'last.checkpoint');
    const content = await readFile(last);
    await writeFile(last, content.subarray(0, content.length - 20));
    await expect(run(directory, 4, true)).rejects.toThrow(
      /last\.checkpoint: is truncated or has extra bytes/,
    );

    await writeFile(last, content);
    await rm(join(directory, 'best-epoch-2.checkpoint'));
    await expect(run(directory, 4, true)).rejects.toThrow('the checkpoint with the best weights is missing');
  });
});
