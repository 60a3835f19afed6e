import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ScriptTarget, transpileModule } from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../run-program.js';
import { codeBlocks } from './documents.js';

const run = promisify(execFile);
const packages = await readdir(join(ROOT, 'packages'));
/** Below this package, so that its dependencies are found. */
const sources = join(import.meta.dirname, '..', '..', '.readme-examples');
let folder: string;
beforeAll(async () => {
  await mkdir(sources, { recursive: true });
  folder = await mkdtemp(join(tmpdir(), 'xray-readme-'));
});
afterAll(async () => {
  await rm(sources, { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
});

const complete = codeBlocks('ts').map(({ place, text }) => [place, text] as const);

describe('examples in the documentation', () => {
  it('are there in the README of every package', () => {
    const documents = complete.map(([place]) => place.split(':')[0]);
    expect(documents).toEqual(expect.arrayContaining(packages.map((name) => `packages/${name}/README.md`)));
  });

  it.each(complete)('%s runs as it stands', async (place, text) => {
    const file = join(sources, `${place.replaceAll(/\W+/g, '-')}.ts`);
    await writeFile(file, text);
    const node = ['--import', import.meta.resolve('tsx'), '--conditions=@xray/source', file];
    await expect(run(process.execPath, node, { cwd: folder })).resolves.toBeDefined();
  });

  // Fragments use names that the text around them explains, so they cannot run.
  it.each(codeBlocks('js').map(({ place, text }) => [place, text] as const))(
    '%s is a fragment without errors of syntax, and what it imports exists',
    async (_, text) => {
      const compilerOptions = { target: ScriptTarget.ES2022 };
      const { diagnostics } = transpileModule(text, { compilerOptions, reportDiagnostics: true });
      expect(diagnostics?.map(({ messageText }) => messageText)).toEqual([]);

      for (const [, names, from] of text.matchAll(/import \{([^}]+)\} from '(xray-[\w/-]+)';/g)) {
        const exported = Object.keys(await import(/* @vite-ignore */ from!));
        expect(exported, from).toEqual(expect.arrayContaining(names!.split(',').map((name) => name.trim())));
      }
    },
  );
});
