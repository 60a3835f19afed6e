import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { processChannel, processWorker } from './process-worker.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'process-worker-'));
});
afterAll(() => rm(folder, { recursive: true }));

let count = 0;
async function processOf(code: string, options = {}) {
  const file = join(folder, `${count++}.mjs`);
  await writeFile(file, code);
  return processWorker(pathToFileURL(file), options);
}
const failureOf = async (code: string) => {
  const worker = await processOf(code);
  return new Promise<Error>((resolve) => worker.onFailure(resolve));
};

describe('processWorker', () => {
  it('carries messages with typed arrays both ways, and the environment', async () => {
    const worker = await processOf(
      `process.on('message', ({ values }) => process.send({ sum: values.map((v) => v + 1), gpu: process.env.GPU }));`,
      { env: { GPU: '3' } },
    );
    const answer = new Promise((resolve) => worker.onMessage(resolve));
    worker.post({ values: Float32Array.of(1.5, -2) });
    expect(await answer).toEqual({ sum: Float32Array.of(2.5, -1), gpu: '3' });
    await worker.terminate();
    await worker.terminate();
  });

  it('reports a process that throws, exits, is killed or cannot start', async () => {
    expect((await failureOf('process.exit(3)')).message).toBe('it exited with code 3');
    expect(
      (await failureOf('process.kill(process.pid, "SIGSEGV"); setInterval(() => {}, 1e3)')).message,
    ).toBe('it was ended by SIGSEGV');
    expect((await failureOf('import "./nowhere.js"')).message).toBe('it exited with code 1');
  });
});

describe('processChannel', () => {
  it('says where it works', () => {
    const { send } = process;
    Object.assign(process, { send: undefined }); // tests run in child processes themselves
    expect(() => processChannel()).toThrow('This module runs in a child process only');
    Object.assign(process, { send });
  });
});
