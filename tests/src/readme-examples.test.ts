import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from './run-program.js';

const run = promisify(execFile);
const packages = await readdir(join(ROOT, 'packages'));
/** Below this package, so that its dependencies are found. */
const sources = join(import.meta.dirname, '..', '.readme-examples');
let folder: string;
beforeAll(async () => {
  await mkdir(sources, { recursive: true });
  folder = await mkdtemp(join(tmpdir(), 'xray-readme-'));
});
afterAll(async () => {
  await rm(sources, { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
});

describe('package READMEs', () => {
  it.each(packages)('%s has an example that runs, and the notice', async (name) => {
    const readme = await readFile(join(ROOT, 'packages', name, 'README.md'), 'utf8');
    const example = /```ts\n([\s\S]*?)```/.exec(readme)?.[1];
    expect(readme).toContain('not a medical device');
    expect(example, 'a ```ts block').toBeDefined();

    const file = join(sources, `${name}.ts`);
    await writeFile(file, example!);
    const node = ['--import', import.meta.resolve('tsx'), '--conditions=@xray/source', file];
    await expect(run(process.execPath, node, { cwd: folder })).resolves.toBeDefined();
  });
});
