// Compiles assembly/ to WebAssembly with SIMD and a memory of its own.
import { join } from 'node:path';
import { compileAssembly } from '../../../tools/compile-assembly.mjs';

await compileAssembly({
  packageFolder: join(import.meta.dirname, '..'),
  name: 'image-kernels',
  what: 'The resize and luma compiled to WebAssembly',
  flags: ['--initialMemory', '1', '--maximumMemory', '65536'],
});
