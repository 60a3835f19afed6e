import { join } from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { runInBrowser, skipWithoutBrowser, WASM_FOLDER_URL } from '../browser/browser.js';
import type { Learned } from './small-training.js';
import type { WebTrainingOptions } from './train-on-web-workers.js';

const file = join(import.meta.dirname, 'train-on-web-workers.ts');

describe.skipIf(skipWithoutBrowser)('replicas in Chromium', () => {
  let script = '';
  beforeAll(async () => {
    const { outputFiles } = await build({
      entryPoints: [join(import.meta.dirname, 'web-replica.ts')],
      ...{ bundle: true, write: false, format: 'iife', platform: 'browser', logLevel: 'error' },
      conditions: ['@xray/source', 'module'],
    });
    script = outputFiles[0]!.text;
  });
  const run = (options: Pick<WebTrainingOptions, 'onWorkers' | 'brokenWorker'>, isIsolated = true) =>
    runInBrowser<Learned>(
      { file, functionName: 'trainOnWebWorkers', isIsolated },
      { wasmFolder: WASM_FOLDER_URL, script, ...options },
    );

  it('train the same weights every time, and those of one thread up to rounding', async () => {
    const shared = await run({ onWorkers: true });
    expect(await run({ onWorkers: true })).toEqual(shared);

    const alone = await run({ onWorkers: false });
    expect(shared.weights.length).toBe(alone.weights.length);
    expect(shared.losses.length).toBe(alone.losses.length);
    shared.losses.forEach((loss, index) => {
      expect(loss).toBeCloseTo(alone.losses[index]!, 4);
    });
    expect(shared.probabilities.length).toBe(alone.probabilities.length);
    shared.probabilities.forEach((probability, index) => {
      expect(probability).toBeCloseTo(alone.probabilities[index]!, 3);
    });
  });

  it('report a worker that fails, and a page without shared memory', async () => {
    await expect(run({ onWorkers: true, brokenWorker: 1 })).rejects.toThrow(
      'Worker 2 of 2 failed: Uncaught Error: thrown in a timer.',
    );
    await expect(run({ onWorkers: true }, false)).rejects.toThrow('Replicas need SharedArrayBuffer');
  });
});
