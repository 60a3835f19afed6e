import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { peakMemoryMegabytes } from './peak-memory.js';

it('counts what this process held at most, and not what its parent holds', () => {
  const before = peakMemoryMegabytes();
  let block: Uint8Array | undefined = new Uint8Array(300e6).fill(1);
  const peak = peakMemoryMegabytes();
  expect(peak).toBeGreaterThanOrEqual(286);
  expect(block.length).toBe(300e6);
  block = undefined;
  expect(peakMemoryMegabytes()).toBeGreaterThanOrEqual(peak);
  expect(before).toBeLessThanOrEqual(peak);
  const program = `import { peakMemoryMegabytes } from ${JSON.stringify(new URL('./peak-memory.ts', import.meta.url).href)};
    console.log(peakMemoryMegabytes());`;
  const child = execFileSync(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), '--input-type=module', '--eval', program],
    { encoding: 'utf8' },
  );
  expect(Number(child)).toBeGreaterThan(10);
  if (process.platform === 'linux') expect(Number(child)).toBeLessThan(286);
});
