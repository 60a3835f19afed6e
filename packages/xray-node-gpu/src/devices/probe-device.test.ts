import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeviceKind } from './device.js';
import { probeDevice } from './probe-device.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'probe-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Probes with a child that runs the given code. */
async function probe(
  code: string,
  options: { kind?: DeviceKind; software?: boolean; timeout?: number } = {},
) {
  const child = join(folder, `${Math.abs(hash(code))}.mjs`);
  await writeFile(child, code);
  const { kind = 'node', software = false, ...rest } = options;
  return probeDevice(kind, { 'the-package': '/nowhere' }, { software, child, ...rest });
}

const hash = (text: string) => [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, 7);
const answer = (facts: object) => `console.log('XRAY_PROBE ' + ${JSON.stringify(JSON.stringify(facts))});`;

describe('probeDevice', () => {
  it('takes the facts from among whatever a native module prints', async () => {
    const facts = { versions: { tensorflow: '2.9.1' } };
    const result = await probe(`console.log('I tensorflow/core'); ${answer(facts)} console.log('bye');`);
    expect(result).toEqual({ works: true, facts });
  });

  it('survives a crash, and says how it ended', async () => {
    expect(await probe('process.kill(process.pid, "SIGSEGV"); setTimeout(() => {}, 1e4);')).toEqual({
      works: false,
      installed: true,
      reason: 'the process that tried it was ended by SIGSEGV',
    });
    expect(await probe('process.exit(3);')).toEqual({ works: false, installed: true, reason: 'exit code 3' });
  });

  it('ends a child that hangs', async () => {
    expect(await probe('setInterval(() => {}, 1000);', { timeout: 300 })).toEqual({
      works: false,
      installed: true,
      reason: 'the-package did not answer within 0.3 s',
    });
  });

  it('explains an error with what the library printed before it', async () => {
    const code = `console.error("Could not load dynamic library 'libcudart.so.11.0'"); ${answer({ versions: {}, usesGpu: false })}`;
    const result = await probe(code, { kind: 'node-gpu' });
    expect(result).toMatchObject({ works: false, reason: expect.stringContaining('libcudart.so.11.0') });
  });

  it('takes an emulated adapter only when asked for', async () => {
    const code = answer({ adapter: 'SwiftShader', isSoftware: true });
    expect(await probe(code, { kind: 'webgpu' })).toMatchObject({
      works: false,
      reason: expect.stringContaining('emulated on the CPU (SwiftShader)'),
    });
    expect(await probe(code, { kind: 'webgpu', software: true })).toMatchObject({
      works: true,
      facts: { adapter: 'SwiftShader', isSoftware: true },
    });
  });

  it('reports a module that cannot be imported', async () => {
    const result = await probeDevice('node', { 'the-package': '/nowhere/index.js' }, { software: false });
    expect(result).toMatchObject({ works: false, reason: expect.stringContaining('/nowhere/index.js') });
  });
});
