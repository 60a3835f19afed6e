/**
 * Packs every package and checks the tarballs: publint, are-the-types-wrong, no stray files, a licence. Needs a build.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const tarballs = mkdtempSync(join(tmpdir(), 'xray-pack-'));
const bin = (name) => join(root, 'node_modules', '.bin', name);
/** Paths that may be in a tarball; a script at the top is run by itself, in a process of its own. */
const EXPECTED =
  /^package\/(dist\/.+\.(js|d\.ts|js\.map)|[\w-]+\.mjs|package\.json|README\.md|CHANGELOG\.md|LICENSE)$/;

let failed = false;
const fail = (name, problem) => {
  failed = true;
  console.error(`${name}: ${problem}`);
};
const run = (command, args, options) =>
  execFileSync(command, args, { encoding: 'utf8', stdio: 'pipe', ...options });

try {
  for (const name of readdirSync(join(root, 'packages'))) {
    const folder = join(root, 'packages', name);
    run('pnpm', ['pack', '--pack-destination', tarballs], { cwd: folder }); // pnpm adds the root's LICENSE
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const tarball = join(tarballs, `${name}-${version}.tgz`);
    const files = run('tar', ['-tzf', tarball]).trim().split('\n');
    for (const file of files) {
      if (!EXPECTED.test(file) || /\.test\.|__fixtures__/.test(file)) fail(name, `unexpected file ${file}`);
    }
    for (const wanted of [
      'package/README.md',
      'package/LICENSE',
      'package/dist/index.js',
      'package/dist/index.d.ts',
    ]) {
      if (!files.includes(wanted)) fail(name, `${wanted} is missing`);
    }
    if (/@xray\/source|workspace:|catalog:/.test(run('tar', ['-xzOf', tarball, 'package/package.json']))) {
      fail(name, 'its packed package.json holds workspace-only entries');
    }
    for (const [command, args] of [
      [bin('publint'), ['run', tarball, '--strict']],
      [bin('attw'), [tarball, '--profile', 'esm-only']],
    ]) {
      try {
        run(command, args);
      } catch (error) {
        fail(name, `${command.split('/').at(-1)}\n${error.stdout}${error.stderr}`);
      }
    }
    console.log(`${name}: ${files.length} files`);
  }
} finally {
  rmSync(tarballs, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);
