/**
 * Runs a program of the workspace from its TypeScript source, in the caller's folder:
 *
 *   node tools/run-source.mjs <file> [flags]
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';

const root = join(import.meta.dirname, '..');
const [file, ...flags] = process.argv.slice(2);

// What is written in AssemblyScript is the one part that has to be compiled before sources run.
for (const name of ['xray-core', 'xray-wasm']) {
  const cwd = join(root, 'packages', name);
  if (newest(cwd, 'src/generated') >= newest(cwd, 'assembly', 'scripts')) continue;
  const built = spawnSync(process.execPath, ['scripts/build-wasm.mjs'], {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (built.status !== 0) process.exit(built.status ?? 1);
}

const child = spawn(
  process.execPath,
  ['--import', import.meta.resolve('tsx'), '--conditions=@xray/source', resolve(root, file), ...flags],
  {
    cwd: process.env.INIT_CWD ?? process.cwd(),
    stdio: 'inherit',
    // Images are decoded on Node's thread pool, which has 4 threads unless it is told before it starts.
    env: { UV_THREADPOOL_SIZE: String(Math.max(4, availableParallelism())), ...process.env },
  },
);
// The terminal sends Ctrl+C to the program, too: a second one from here would end it at once.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));

/** When the newest file in any of the folders of a package was changed. */
function newest(packageFolder, ...folders) {
  const times = folders
    .map((folder) => join(packageFolder, folder))
    .filter(existsSync)
    .flatMap((folder) => readdirSync(folder).map((file) => statSync(join(folder, file)).mtimeMs));
  return Math.max(0, ...times);
}
