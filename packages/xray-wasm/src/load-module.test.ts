import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadModule } from './load-module.js';

afterEach(() => vi.restoreAllMocks());

/** Columns summed by the module in `memory`: [[1, 2], [3, 4], [5, 6]]. */
async function sumInside(memory: WebAssembly.Memory): Promise<number[]> {
  const { module } = await loadModule(memory, 'auto');
  new Float32Array(memory.buffer, 64, 6).set([1, 2, 3, 4, 5, 6]);
  module.sumRows(64, 128, 3, 2);
  return Array.from(new Float32Array(memory.buffer, 128, 2));
}

describe('loadModule', () => {
  it('works in the memory it is given', async () => {
    expect(await sumInside(new WebAssembly.Memory({ initial: 1, maximum: 2 }))).toEqual([9, 12]);
  });

  it('works in the shared memory of a threaded backend', async () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 16384, shared: true });
    expect(await sumInside(memory)).toEqual([9, 12]);
  });

  it('writes nothing into the memory by itself', async () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 2 });
    await loadModule(memory, false);
    expect(new Uint8Array(memory.buffer).every((byte) => byte === 0)).toBe(true);
  });

  it('takes plain SIMD where the engine has no relaxed SIMD, and says so when that was asked for', async () => {
    const validate = WebAssembly.validate;
    let calls = 0;
    vi.spyOn(WebAssembly, 'validate').mockImplementation((bytes) => calls++ % 2 === 0 && validate(bytes));
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 2 });
    expect((await loadModule(memory, 'auto')).variant).toBe('simd');
    await expect(loadModule(memory, true)).rejects.toThrow(
      /no WebAssembly relaxed SIMD.*relaxedSimd: 'auto'/,
    );
  });

  it('says so when the engine has no SIMD', async () => {
    vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
    const load = loadModule(new WebAssembly.Memory({ initial: 1, maximum: 2 }), 'auto');
    await expect(load).rejects.toThrow(/no WebAssembly SIMD.*Use a newer engine/);
    await expect(load).rejects.toMatchObject({ code: 'wasm-backend' });
  });
});
