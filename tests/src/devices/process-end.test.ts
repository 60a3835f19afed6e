import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEVICE_KINDS, modelFolder } from 'xray-node-gpu';
import { runSource } from '../run-program.js';
import { NEEDED_DEVICES, useSoftwareVulkan } from './known-devices.js';

useSoftwareVulkan();

const PROGRAM = join(import.meta.dirname, 'train-until-told.ts');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'process-end-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe.each(DEVICE_KINDS)('a program that trains on %s', (kind) => {
  let isMissing = false;

  it('ends by itself with code 0', async ({ skip }) => {
    const { code, signal, stderr } = await runSource(PROGRAM, [kind]);
    isMissing = !NEEDED_DEVICES.includes(kind) && stderr.includes('No device could be started');
    skip(isMissing, `${kind} is not usable here`);
    expect({ code, signal }, stderr).toEqual({ code: 0, signal: null });
  });

  it.for([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends on %s with code %i and a whole model', async ([name, expected], { skip }) => {
    skip(isMissing, `${kind} is not usable here`);
    const saved = join(folder, `${kind}-${name}`);
    let isSent = false;
    const { code, signal, stderr } = await runSource(PROGRAM, [kind, saved], (text, kill) => {
      if (isSent || !text.includes('trained')) return;
      isSent = true;
      kill(name);
    });
    expect({ code, signal }, stderr).toEqual({ code: expected, signal: null });
    const model = await loadLayersModel(modelFolder(saved));
    const values = model.getWeights().flatMap((weight) => Array.from(weight.dataSync()));
    expect(values.every(Number.isFinite)).toBe(true);
    model.dispose();
  });
});
