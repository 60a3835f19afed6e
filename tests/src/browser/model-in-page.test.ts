import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runInBrowser, skipWithoutBrowser, WASM_FOLDER_URL } from './browser.js';
import { classifyInPage } from './classify-in-page.js';

it.skipIf(skipWithoutBrowser)('the model in the box says in Chromium what it says in Node', async () => {
  const inNode = await classifyInPage();
  const file = join(import.meta.dirname, 'classify-in-page.ts');
  const run = { file, functionName: 'classifyInPage', isIsolated: false };
  const inPage = await runInBrowser<number[]>(run, WASM_FOLDER_URL);
  expect(inPage).toHaveLength(4);
  inPage.forEach((probability, image) => {
    expect(Math.abs(probability - inNode[image]!)).toBeLessThan(1e-4);
  });
  expect(new Set(inNode.map((probability) => probability.toFixed(2))).size).toBeGreaterThan(1);
});
