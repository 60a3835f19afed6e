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

  /** Probes a package whose entry is the given code, with the child that is shipped. */
  async function probePackage(code: string, timeout?: number) {
    const entry = join(folder, `package-${Math.abs(hash(code))}.mjs`);
    await writeFile(entry, code);
    const options = { software: false, ...(timeout === undefined ? {} : { timeout }) };
    return probeDevice('node', { 'the-package': entry }, options);
  }
  const WORKING = `
    const tensor = (values) => ({ dataSync: () => values });
    export const [version, version_core] = [{ 'tfjs-node': '4.22.0' }, '4.22.0'];
    export const ready = async () => {};
    export const backend = () => ({ binding: { TF_Version: '2.9.1' } });
    export const tidy = (work) => work();
    export const ones = () => tensor([]);
    export const matMul = () => tensor([3, 3, 3, 3]);
    export const conv2d = () => tensor([9]);`;

  it('takes a package that works, whatever it prints', async () => {
    const noise = `console.log('XRAY_PROBE'); console.error('\\u0000\\uffff {"error":'); process.stdout.write('half a line');`;
    for (const code of [WORKING, noise + WORKING]) {
      expect(await probePackage(code)).toEqual({
        works: true,
        facts: { versions: { 'the-package': '4.22.0', tensorflow: '2.9.1' } },
      });
    }
  });

  it.each([
    ['is empty', '', /the-package is installed incompletely \(is not a function\)/],
    ['throws', 'throw new Error("no such host")', /^no such host$/],
    ['aborts', 'process.abort();', /^the process that tried it was ended by SIGABRT$/],
    ['ends the process', 'process.exit(7);', /^exit code 7$/],
    ['rejects later', 'Promise.reject(new Error("too late")); await new Promise(() => {});', /too late/],
    ['prints garbage and ends', 'console.log("\\u0007%PDF"); process.exit(1);', /exit code 1/],
    ['computes wrongly', WORKING.replace('[3, 3, 3, 3]', '[0, 0, 0, 0]'), /^it computes 1\+1\+1 as 0,0,0,0$/],
    ['convolves wrongly', WORKING.replace('[9]', '[NaN]'), /^it convolves nine ones to NaN$/],
  ])('survives a package that %s', async (_, code, reason) => {
    const result = await probePackage(code);
    expect(result).toMatchObject({ works: false, installed: true, reason: expect.stringMatching(reason) });
  });

  it('ends a package that hangs while it is loaded', async () => {
    const hangs = 'setInterval(() => {}, 1000); await new Promise(() => {});';
    expect(await probePackage(hangs, 1500)).toMatchObject({
      ...{ works: false, reason: 'the-package did not answer within 1.5 s' },
    });
  });

  it('reports a module that cannot be imported', async () => {
    const result = await probeDevice('node', { 'the-package': '/nowhere/index.js' }, { software: false });
    expect(result).toMatchObject({ works: false, reason: expect.stringContaining('/nowhere/index.js') });
  });
});
