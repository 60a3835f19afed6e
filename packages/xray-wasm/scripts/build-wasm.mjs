// Compiles assembly/ twice, without and with relaxed SIMD.
import { join } from 'node:path';
import { compileAssembly } from '../../../tools/compile-assembly.mjs';

const variants = [
  { name: 'simd', flags: [] },
  { name: 'relaxed-simd', flags: ['--enable', 'relaxed-simd'] },
];

for (const { name, flags } of variants) {
  await compileAssembly({
    packageFolder: join(import.meta.dirname, '..'),
    name: `kernels-${name}`,
    what: `The kernels compiled to WebAssembly: ${name}`,
    flags: [
      ...['--importMemory', '--initialMemory', '1', '--maximumMemory', '65536', '--enable', 'bulk-memory'],
      ...flags,
    ],
  });
}
