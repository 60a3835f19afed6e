import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { liveHistory } from '../run-folder/live-history.js';
import { readHistory } from '../run-folder/read-history.js';
import { watchRun } from './watch-run.js';

let run: string;
beforeAll(async () => {
  run = await mkdtemp(join(tmpdir(), 'xray-watch-'));
});
afterAll(() => rm(run, { recursive: true }));

const logs = { loss: 0.5, accuracy: 0.5, val_loss: 1, val_accuracy: 0.5, learning_rate: 0.1 };
const epochEnd = (epoch: number, loss: number) =>
  ({ type: 'epoch-end', epoch, epochs: 3, logs: { ...logs, loss }, improved: false }) as const;
const folder = { writeText: (name: string, text: string) => writeFile(join(run, name), text) };

it('tells a page of every epoch, and nobody else', async () => {
  await expect(watchRun(join(run, 'nothing'))).rejects.toThrow(/run\.json: could not be read/);
  await writeFile(join(run, 'run.json'), JSON.stringify({ status: 'running' }));
  const { url, close } = await watchRun(run);
  const page = await fetch(url);
  expect(await page.text()).toContain('new EventSource');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect((await fetch(`${url}other`)).status).toBe(404);
  expect((await fetch(url, { method: 'POST' })).status).toBe(403);

  const events = (await fetch(`${url}events`)).body!.pipeThrough(new TextDecoderStream()).getReader();
  const next = async () => JSON.parse((await events.read()).value!.replace(/^data: /, ''));
  expect(await next()).toEqual({ status: 'running', history: [] });
  const history = liveHistory(folder, []);
  history.onEvent(epochEnd(0, 0.25));
  await history.flush();
  expect(await next()).toEqual({ status: 'running', history: [{ epoch: 0, ...logs, loss: 0.25 }] });
  await close();
  expect((await events.read()).done).toBe(true);
});

it('keeps the epochs of a run that goes on, and of all phases', async () => {
  const losses = async () => (await readHistory(run)).map(({ epoch, loss }) => [epoch, loss]);
  const first = liveHistory(folder, []);
  first.onEvent(epochEnd(0, 1));
  first.onEvent(epochEnd(1, 2));
  await first.flush();
  const resumed = liveHistory(folder, await readHistory(run));
  resumed.onEvent(epochEnd(1, 3)); // its first attempt was lost with the process
  resumed.onEvent({ type: 'phase-start', phase: 'fine-tune', index: 1, count: 2 });
  resumed.onEvent(epochEnd(0, 4));
  await resumed.flush();
  expect(await losses()).toEqual([
    [0, 1],
    [1, 3],
    [2, 4],
  ]);
});
