import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
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

/** Writes a block to a file named after its place. */
async function writeExample(place: string, text: string): Promise<string> {
  const file = join(sources, `${place.replaceAll(/\W+/g, '-')}.ts`);
  await writeFile(file, text);
  return file;
}

const complete = codeBlocks('ts').map(({ place, text }) => [place, text] as const);

describe('examples in the documentation', () => {
  it('are there in the README of every package', () => {
    const documents = complete.map(([place]) => place.split(':')[0]);
    expect(documents).toEqual(expect.arrayContaining(packages.map((name) => `packages/${name}/README.md`)));
  });

  it('have no type errors', async () => {
    const files = await Promise.all(complete.map(([place, text]) => writeExample(place, text)));
    const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile);
    const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, ROOT);
    const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram(files, options));
    const problems = diagnostics.map(
      ({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    );
    expect(problems).toEqual([]);
  });

  it.each(complete)('%s runs as it stands', async (place, text) => {
    const file = await writeExample(place, text);
    const node = ['--import', import.meta.resolve('tsx'), '--conditions=@xray/source', file];
    await expect(run(process.execPath, node, { cwd: folder })).resolves.toBeDefined();
  });

  // Fragments use names that the text around them explains, so they cannot run.
  it.each(codeBlocks('js').map(({ place, text }) => [place, text] as const))(
    '%s is a fragment without errors of syntax, and what it imports exists',
    async (_, text) => {
      const compilerOptions = { target: ts.ScriptTarget.ES2022 };
      const { diagnostics } = ts.transpileModule(text, { compilerOptions, reportDiagnostics: true });
      expect(diagnostics?.map(({ messageText }) => messageText)).toEqual([]);

      for (const [, names, from] of text.matchAll(/import \{([^}]+)\} from '(xray-[\w/-]+)';/g)) {
        const exported = Object.keys(await import(/* @vite-ignore */ from!));
        expect(exported, from).toEqual(expect.arrayContaining(names!.split(',').map((name) => name.trim())));
      }
    },
  );
});
