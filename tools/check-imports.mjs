/**
 * Fails when a package depends on one it may not, or imports one it does not declare. The allowed directions are
 * drawn in docs/architecture.md.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const MAY_USE = {
  'xray-core': [],
  'xray-metrics': ['xray-core'],
  'xray-dataset': ['xray-core'],
  'xray-augment': ['xray-core'],
  'xray-models': ['xray-core'],
  'xray-model-pneumonia': [],
  'xray-wasm': ['xray-core'],
  'xray-report': ['xray-core'],
  'xray-train': ['xray-core', 'xray-metrics'],
  'xray-node-gpu': ['xray-core', 'xray-wasm'],
  'xray-cli': [
    'xray-core',
    'xray-metrics',
    'xray-dataset',
    'xray-augment',
    'xray-models',
    'xray-model-pneumonia',
    'xray-wasm',
    'xray-report',
    'xray-train',
    'xray-node-gpu',
  ],
};
/** Packages without TensorFlow.js, and folders whose code runs in Node only. */
const WITHOUT_TENSORFLOW = ['xray-metrics', 'xray-report'];
const isNodeOnly = (name, file) => ['xray-node-gpu', 'xray-cli'].includes(name) || file.includes('/node/');

const root = join(import.meta.dirname, '..');
const problems = [];
for (const name of readdirSync(join(root, 'packages'))) {
  const folder = join(root, 'packages', name);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const allowed = MAY_USE[name];
  if (!allowed) {
    problems.push(`${name} is not listed in tools/check-imports.mjs`);
    continue;
  }
  const runtime = { ...manifest.dependencies, ...manifest.peerDependencies };
  const declared = { ...runtime, ...manifest.devDependencies };
  for (const used of Object.keys(declared)) {
    if (used in MAY_USE && !allowed.includes(used)) problems.push(`${name} must not depend on ${used}`);
  }
  for (const { file, source, imported } of importsOf(join(folder, 'src'))) {
    if (imported.startsWith('.')) continue;
    const isTest = file.endsWith('.test.ts') || file.includes('/__fixtures__/');
    const isTypeOnly = /^import type /.test(source);
    if (imported.startsWith('node:')) {
      if (!isTest && !isNodeOnly(name, file))
        problems.push(`${file} imports ${imported}: portable code must run in a browser`);
      continue;
    }
    const used = imported
      .split('/')
      .slice(0, imported.startsWith('@') ? 2 : 1)
      .join('/');
    const from = isTest ? declared : runtime;
    if (!(used in from) && used !== name)
      problems.push(`${file} imports ${used}, which ${name} does not declare`);
    if (WITHOUT_TENSORFLOW.includes(name) && used.startsWith('@tensorflow/'))
      problems.push(`${file} imports ${used}`);
    if (name === 'xray-core' && used.startsWith('@tensorflow/') && !isTypeOnly) {
      problems.push(`${file} imports more than types from ${used}`);
    }
  }
}
if (problems.length > 0) {
  console.error(`${problems.join('\n')}\nSee docs/architecture.md for the allowed directions.`);
  process.exit(1);
}
console.log('Import directions are as drawn.');

/** Every import, export-from and dynamic import below a folder. */
function importsOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .flatMap((entry) => {
      const path = join(entry.parentPath, entry.name);
      const file = path.slice(root.length + 1);
      const pattern =
        /^(?:import|export)\s[^;'"]*?from\s+['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm;
      return [...readFileSync(path, 'utf8').matchAll(pattern)].map((match) => ({
        file,
        source: match[0],
        imported: match[1] ?? match[2] ?? match[3],
      }));
    });
}
