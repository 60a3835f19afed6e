/**
 * Packs every package and checks the tarballs: publint, are-the-types-wrong, no stray files, licence and notices, a complete
 * manifest, size. Needs a build.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PACKAGES, ROOT, readJson } from './workspace.mjs';

/** Most kilobytes of a tarball, packed; what is above is looked at, and the number raised if it is right. */
const BUDGETS = {
  'xray-augment': 140,
  'xray-cli': 280,
  'xray-core': 150,
  'xray-dataset': 360,
  'xray-metrics': 200,
  'xray-model-pneumonia': 1500,
  'xray-models': 220,
  'xray-node-gpu': 130,
  'xray-report': 150,
  'xray-train': 180,
  'xray-wasm': 260,
};
const { engines: ROOT_ENGINES } = readJson(join(ROOT, 'package.json'));
const tarballs = mkdtempSync(join(tmpdir(), 'xray-pack-'));
const bin = (name) => join(ROOT, 'node_modules', '.bin', name);
/** Paths that may be in a tarball; a script at the top is run by itself, in a process of its own. */
const EXPECTED =
  /^package\/(dist\/.+\.(js|d\.ts|js\.map)|[\w-]+\.mjs|package\.json|README\.md|CHANGELOG\.md|LICENSE|NOTICE)$/;

let failed = false;
const fail = (name, problem) => {
  failed = true;
  console.error(`${name}: ${problem}`);
};
const run = (command, args, options) =>
  execFileSync(command, args, { encoding: 'utf8', stdio: 'pipe', ...options });

try {
  for (const { name, folder, manifest } of PACKAGES) {
    run('pnpm', ['pack', '--pack-destination', tarballs], { cwd: folder }); // pnpm adds the root's LICENSE
    const tarball = join(tarballs, `${name}-${manifest.version}.tgz`);
    const files = run('tar', ['-tzf', tarball]).trim().split('\n');
    const read = (file) =>
      files.includes(`package/${file}`) ? run('tar', ['-xzOf', tarball, `package/${file}`]) : '';
    for (const file of files) {
      if (!EXPECTED.test(file) || /\.test\.|__fixtures__/.test(file)) fail(name, `unexpected file ${file}`);
    }
    for (const wanted of [
      'package/README.md',
      'package/LICENSE',
      'package/dist/index.js',
      'package/dist/index.d.ts',
      'package/NOTICE',
    ]) {
      if (!files.includes(wanted)) fail(name, `${wanted} is missing`);
    }
    for (const file of ['LICENSE', 'NOTICE']) {
      if (read(file) !== readFileSync(join(ROOT, file), 'utf8'))
        fail(name, `its ${file} is not that of the project`);
    }
    if (!/research only, not a medical device/i.test(read('README.md')))
      fail(name, 'its README lacks the notice');
    const kilobytes = Math.ceil(statSync(tarball).size / 1000);
    if (!(kilobytes <= BUDGETS[name])) {
      fail(
        name,
        `${kilobytes} kB packed, more than the budget in tools/check-packages.mjs (${BUDGETS[name]} kB)`,
      );
    }
    const packed = read('package.json');
    if (/@xray\/source|workspace:|catalog:/.test(packed)) {
      fail(name, 'its packed package.json holds workspace-only entries');
    }
    for (const problem of problemsOf(JSON.parse(packed))) fail(name, `its packed package.json ${problem}`);
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
    console.log(`${name}: ${files.length} files, ${kilobytes} of ${BUDGETS[name]} kB`);
  }
} finally {
  rmSync(tarballs, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);

/** What a packed manifest lacks of what people and bundlers look for. */
function problemsOf(manifest) {
  const { description, keywords, license, type, sideEffects, engines, exports, files } = manifest;
  const problems = [];
  if (!/Research only, not a medical device\.$/.test(description))
    problems.push('lacks a description with the notice');
  if (!(keywords?.length >= 3)) problems.push('lacks keywords');
  if (license !== 'Apache-2.0') problems.push('lacks the licence');
  if (type !== 'module' || sideEffects !== false)
    problems.push('is not that of a module without side effects');
  if (engines?.node !== ROOT_ENGINES.node)
    problems.push(`does not say that it needs Node ${ROOT_ENGINES.node}`);
  if (!files?.includes('dist')) problems.push('does not list its files');
  for (const [entry, target] of Object.entries(exports)) {
    if (entry !== './package.json' && Object.keys(target).join() !== 'types,default')
      problems.push(`exports ${entry} otherwise than by types and default`);
  }
  return problems;
}
