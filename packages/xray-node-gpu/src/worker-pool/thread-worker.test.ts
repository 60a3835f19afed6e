import { isMainThread } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { threadChannel, threadWorker } from './thread-worker.js';

/** A thread that runs the given JavaScript, with `parentPort`. */
const threadOf = (code: string, options = {}) =>
  threadWorker(
    new URL(
      `data:text/javascript,${encodeURIComponent(`import { parentPort } from 'node:worker_threads'; ${code}`)}`,
    ),
    options,
  );
const failureOf = (code: string, options = {}) =>
  new Promise<Error>((resolve) => threadOf(code, options).onFailure(resolve));

describe('threadWorker', () => {
  it('carries messages both ways, shared memory among them', async () => {
    const thread = threadOf(
      `parentPort.on('message', ({ memory, values }) => {
         new Int32Array(memory)[0] = values[0] * 2;
         parentPort.postMessage(values[0] + 1);
       });`,
    );
    const memory = new SharedArrayBuffer(4);
    const values = Float32Array.of(20);
    const answer = new Promise((resolve) => thread.onMessage(resolve));
    thread.post({ memory, values }, [values.buffer]);

    expect(await answer).toBe(21);
    expect(new Int32Array(memory)[0]).toBe(40);
    expect(values.length).toBe(0); // handed over, not copied
    await thread.terminate();
  });

  it('reports a thread that throws, exits or cannot start', async () => {
    expect((await failureOf('throw new TypeError("broken")')).message).toBe('broken');
    expect((await failureOf('process.exit(3)')).message).toBe('it exited with code 3');
    expect((await failureOf('import "./nowhere.js"')).message).toMatch(/nowhere/);
  });

  it('ends at once, though the thread never stops by itself', async () => {
    const thread = threadOf('for (;;);');
    await thread.terminate();
  });
});

describe('threadChannel', () => {
  it.runIf(isMainThread)('says where it works', () => {
    expect(() => threadChannel()).toThrow('This module runs in a worker thread only');
  });
});
