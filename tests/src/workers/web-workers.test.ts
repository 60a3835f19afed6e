import { join } from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { runInBrowser, skipWithoutBrowser, WASM_FOLDER_URL } from '../browser/browser.js';
import type { WebTraining, WebTrainingOptions } from './train-on-web-workers.js';

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
  const run = (options: Pick<WebTrainingOptions, 'workers' | 'brokenWorker'>, isIsolated = true) =>
    runInBrowser<WebTraining>(
      { file, functionName: 'trainOnWebWorkers', isIsolated },
      { wasmFolder: WASM_FOLDER_URL, script, ...options },
    );

  it('train the same weights every time, and those of one thread up to rounding', async () => {
    const shared = await run({ workers: 2 });
    expect(await run({ workers: 2 })).toEqual(shared);

    const alone = await run({ workers: 0 });
    expect(shared.weights.length).toBe(alone.weights.length);
    shared.losses.forEach((loss, index) => {
      expect(loss).toBeCloseTo(alone.losses[index]!, 4);
    });
    shared.probabilities.forEach((probability, index) => {
      expect(probability).toBeCloseTo(alone.probabilities[index]!, 3);
    });
  });

  it('report a worker that fails, and a page without shared memory', async () => {
    await expect(run({ workers: 2, brokenWorker: 1 })).rejects.toThrow(
      'Worker 2 of 2 failed: Uncaught Error: thrown in a timer.',
    );
    await expect(run({ workers: 2 }, false)).rejects.toThrow('Replicas need SharedArrayBuffer');
  });
});
