/**
 * Compiles the AssemblyScript of a package (assembly/index.ts) and writes the module as a TypeScript file under src/generated/
 * that holds it as base64: such a module works in Node, in workers and in every bundler, without paths.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';

export async function compileAssembly({ packageFolder, name, what, flags = [] }) {
  const outputFolder = join(packageFolder, 'src', 'generated');
  const binary = await compile(join(packageFolder, 'assembly'), flags);
  await mkdir(outputFolder, { recursive: true });
  await writeFile(
    join(outputFolder, `${name}.ts`),
    [
      '// Made by scripts/build-wasm.mjs from assembly/. Do not edit.',
      '',
      `/** ${what} (${binary.length} bytes), base64. */`,
      `export const kernels = '${Buffer.from(binary).toString('base64')}';`,
      '',
    ].join('\n'),
  );
}

async function compile(folder, flags) {
  let binary;
  const { error, stderr } = await asc.main(
    [
      'index.ts',
      ...['--baseDir', folder, '--outFile', 'kernels.wasm'],
      ...['--runtime', 'stub', '--noAssert', '-O3', '--enable', 'simd'],
      ...flags,
    ],
    {
      writeFile: (_file, contents) => {
        binary = contents;
      },
    },
  );
  if (error) throw new Error(`asc failed.\n${stderr.toString()}`, { cause: error });
  return binary;
}
