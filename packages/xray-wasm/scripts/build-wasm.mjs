// Compiles assembly/ twice, without and with relaxed SIMD, and writes each module as a TypeScript file under
// src/generated/ that holds it as base64: such a module works in Node, in workers and in every bundler, without paths.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const packageFolder = join(dirname(fileURLToPath(import.meta.url)), '..');
const outputFolder = join(packageFolder, 'src', 'generated');

const variants = [
  { name: 'simd', flags: [] },
  { name: 'relaxed-simd', flags: ['--enable', 'relaxed-simd'] },
];

await mkdir(outputFolder, { recursive: true });
for (const { name, flags } of variants) {
  const binary = await compile(flags);
  await writeFile(
    join(outputFolder, `kernels-${name}.ts`),
    [
      '// Made by scripts/build-wasm.mjs from assembly/. Do not edit.',
      '',
      `/** The kernels compiled to WebAssembly (${name}, ${binary.length} bytes), base64. */`,
      `export const kernels = '${Buffer.from(binary).toString('base64')}';`,
      '',
    ].join('\n'),
  );
}

async function compile(flags) {
  let binary;
  const { error, stderr } = await asc.main(
    [
      'index.ts',
      ...['--baseDir', join(packageFolder, 'assembly'), '--outFile', 'kernels.wasm'],
      ...['--runtime', 'stub', '--noAssert', '-O3'],
      ...['--importMemory', '--initialMemory', '1', '--maximumMemory', '65536'],
      ...['--enable', 'simd', '--enable', 'bulk-memory'],
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
