import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runInBrowser, skipWithoutBrowser, WASM_FOLDER_URL } from './browser.js';
import { trainOnWasm, type WasmTraining } from './train-on-wasm.js';

const file = join(import.meta.dirname, 'train-on-wasm.ts');

describe.skipIf(skipWithoutBrowser)('xray-wasm in Chromium', () => {
  it.each([
    { page: 'a page', isIsolated: false },
    { page: 'a cross-origin isolated page, with the threaded backend', isIsolated: true },
  ])('trains in $page as in Node', async ({ isIsolated }) => {
    const inNode = await trainOnWasm();
    const run = { file, functionName: 'trainOnWasm', isIsolated };
    const inBrowser = await runInBrowser<WasmTraining>(run, WASM_FOLDER_URL);

    expect(inBrowser.isShared).toBe(isIsolated);
    expect(inBrowser.losses).toHaveLength(4);
    expect(inBrowser.losses.at(-1)!).toBeLessThan(inBrowser.losses[0]!);
    inBrowser.losses.forEach((loss, step) => {
      // The two engines may round differently: with and without fused multiply-add.
      expect(Math.abs(loss - inNode.losses[step]!) / inNode.losses[step]!).toBeLessThan(1e-4);
    });
  });
});
