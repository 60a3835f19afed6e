import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { probeCache, probeKey } from './probe-cache.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'probe-cache-'));
});
afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

const WORKS = { works: true, facts: { versions: { webgpu: '0.6.2' } } } as const;
const FAILS = { works: false, installed: true, reason: 'no driver' } as const;

describe('probeCache', () => {
  it('remembers, and forgets failures after ten minutes', () => {
    vi.useFakeTimers();
    const cache = probeCache(join(folder, 'new'));
    expect(cache.read('a')).toBeUndefined();
    cache.write('a', WORKS);
    cache.write('b', FAILS);
    expect([cache.read('a'), cache.read('b')]).toEqual([WORKS, FAILS]);
    vi.advanceTimersByTime(11 * 60_000);
    expect([cache.read('a'), cache.read('b')]).toEqual([WORKS, undefined]);
  });

  it('treats damage as nothing known, and leaves no temporary files', async () => {
    const cache = probeCache(folder);
    cache.write('a', WORKS);
    expect(await readdir(folder)).toEqual(['a.json']);
    await writeFile(join(folder, 'a.json'), '{"time":');
    expect(cache.read('a')).toBeUndefined();
  });

  it('goes without where it cannot write', async () => {
    await writeFile(join(folder, 'file'), '');
    const cache = probeCache(join(folder, 'file', 'below'));
    cache.write('a', WORKS);
    expect(cache.read('a')).toBeUndefined();
  });
});

describe('probeKey', () => {
  it('changes with everything a result depends on', () => {
    const found = (version: string) => ({ webgpu: { entry: '/nowhere', version } });
    const keys = [
      probeKey('webgpu', found('0.6.2'), false),
      probeKey('webgpu', found('0.6.3'), false),
      probeKey('webgpu', found('0.6.2'), true),
      probeKey('node', found('0.6.2'), false),
    ];
    vi.stubEnv('VK_ICD_FILENAMES', '/some/driver.json');
    keys.push(probeKey('webgpu', found('0.6.2'), false));
    expect(new Set(keys).size).toBe(keys.length);
    expect(probeKey('webgpu', found('0.6.2'), false)).toBe(keys.at(-1));
  });
});
