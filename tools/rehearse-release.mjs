/**
 * Rehearses a release from end to end: versions, builds, checks and publishes a copy of the last commit to a registry of
 * this machine, then uses the packages as strangers do, in empty folders outside the workspace.
 *
 *   pnpm release:rehearse [--keep]     --keep leaves the folders for a look
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { chromium } from 'playwright-core';
import { build } from 'vite';
import { startRegistry } from './local-registry.mjs';
import { entriesOf, PACKAGES, ROOT, readJson } from './workspace.mjs';

const keep = process.argv.includes('--keep');
const folder = mkdtempSync(join(tmpdir(), 'xray-rehearsal-'));
const checkout = join(folder, 'checkout');
const stranger = join(folder, 'stranger');
const names = PACKAGES.map(({ name }) => name);
const entries = PACKAGES.flatMap(entriesOf).map(({ imported }) => imported);

let registry;
const cleanUp = () => {
  registry?.stop();
  if (keep) console.log(`Left in ${folder}`);
  else rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
};
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
process.once('exit', cleanUp);

step('Copy of the last commit');
if (run('git', ['status', '--porcelain'], { cwd: ROOT }).trim() !== '') {
  console.log('Changes that are not committed are not rehearsed.');
}
run('git', ['clone', '--quiet', ROOT, checkout]);
run('pnpm', ['install', '--frozen-lockfile', '--prefer-offline'], { cwd: checkout });
registry = await startRegistry(join(folder, 'registry'), names);

step('Release: versions, build, checks, publish');
const author = { GIT_AUTHOR_NAME: 'Rehearsal', GIT_AUTHOR_EMAIL: 'rehearsal@localhost' };
const committer = { GIT_COMMITTER_NAME: 'Rehearsal', GIT_COMMITTER_EMAIL: 'rehearsal@localhost' };
const home = { GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'rehearsal/xray' };
run('pnpm', ['release', '--rehearse', registry.url], {
  cwd: checkout,
  env: { ...process.env, ...author, ...committer, ...home },
});

step('Install in an empty folder');
const environment = {
  ...process.env,
  npm_config_registry: registry.url,
  npm_config_cache: join(folder, 'npm-cache'),
};
for (const name of Object.keys(environment)) {
  // What pnpm sets for its scripts must not reach npm.
  if (/^npm_(?!config_(registry|cache)$)/i.test(name) || name === 'NODE_PATH') delete environment[name];
}
mkdirSync(stranger);
writeFileSync(join(stranger, 'package.json'), '{ "private": true, "type": "module" }');
const npmInstall = ['install', '--no-audit', '--no-fund', '--loglevel=error'];
run('npm', [...npmInstall, ...names, '@tensorflow/tfjs-backend-cpu@~4.22.0'], {
  cwd: stranger,
  env: environment,
});
cpSync(join(ROOT, 'tools', 'rehearsal'), stranger, { recursive: true });
for (const name of names) {
  const { version, repository } = readJson(join(stranger, 'node_modules', name, 'package.json'));
  console.log(`${name} ${version}`);
  const named = `${repository?.url} ${repository?.directory}`;
  if (named !== `git+https://github.com/rehearsal/xray.git packages/${name}`)
    throw new Error(`${name} names the repository ${named}, which provenance would not match`);
}

step(`Import ${entries.length} entries, as ECMAScript modules and as CommonJS`);
run(process.execPath, ['import-all.mjs', ...entries], { cwd: stranger });
run(process.execPath, ['require-all.cjs', ...entries], { cwd: stranger });

step('Types under nodenext and bundler');
typeCheck({ module: 'preserve', moduleResolution: 'bundler' });
typeCheck({ module: 'nodenext' }); // The last one's output runs below.

step('Build a model, train three steps, predict');
console.log(run(process.execPath, [join('out', 'consumer.js')], { cwd: stranger }).trim());

step('npx xray-node-gpu doctor');
const doctor = ['--no', 'xray-node-gpu', 'doctor', '--device', 'wasm', '--bench', '--json'];
const { devices } = JSON.parse(run('npx', doctor, { cwd: stranger, env: environment }));
const { imagesPerSecond } = devices.find(({ kind }) => kind === 'wasm');
console.log(`wasm: ${imagesPerSecond.toFixed(1)} images/s`);

step('npx xray-cli train, in an empty folder');
const empty = join(folder, 'empty');
mkdirSync(empty);
const trainFlags = [
  '--recipe',
  'cnn-2-classes',
  '--epochs',
  '2',
  '--limit',
  '40',
  '--output',
  'run',
  '--json',
];
const told = run('npx', ['-y', 'xray-cli', 'train', ...trainFlags], { cwd: empty, env: environment });
const events = told
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const result = events.find(({ type }) => type === 'result');
console.log(`AUROC ${result?.auroc}`);
if (typeof result?.auroc !== 'number' || !existsSync(join(empty, 'run', 'report.html')))
  throw new Error(`Expected a run with a report:\n${told}`);

step('examples/use-in-your-project');
const example = join(folder, 'use-in-your-project');
cpSync(join(ROOT, 'examples', 'use-in-your-project'), example, { recursive: true });
run('npm', npmInstall, { cwd: example, env: environment });
run('npm', ['run', 'images'], { cwd: example, env: environment });
for (const file of ['train.js', 'own-network.js', 'own-loop.js', 'predict.js']) {
  const images = file === 'predict.js' ? join('images', 'NORMAL') : 'images';
  const output = run(process.execPath, [file, images], { cwd: example, env: environment });
  console.log(`${file}: ${output.trim().split('\n').at(-1)}`);
  if (file === 'train.js' && !(Number(/AUROC ([\d.]+)/.exec(output)?.[1]) > 0.8))
    throw new Error(`Expected the example to learn, with an AUROC above 0.8:\n${output}`);
}

step('Bundle with Vite, run in Chromium');
const portable = entries.filter((entry) => !/^xray-(node-gpu|cli)|\/node$/.test(entry));
writeFileSync(
  join(stranger, 'browser', 'portable.js'),
  portable.map((entry, index) => `export * as entry${index} from '${entry}';\n`).join(''),
);
await build({ root: join(stranger, 'browser'), logLevel: 'error' });
await runInChromium(join(stranger, 'browser', 'dist'));

console.log(`\nThe release would work (${seconds()} s).`);
process.exit(0);

/** Runs a program and gives its output, which is shown if it fails. */
function run(command, args, options = {}) {
  try {
    return execFileSync(command, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 1 << 26,
      shell: process.platform === 'win32' && command !== process.execPath,
      ...options,
    });
  } catch (error) {
    console.error(`${error.stdout ?? ''}${error.stderr ?? error.message}`);
    console.error(`\nThe rehearsal failed at: ${command} ${args.join(' ')}`);
    process.exit(1);
  }
}

/** With the compiler of the workspace: the stranger's folder holds nothing but what it installed. */
function typeCheck(compilerOptions) {
  const options = {
    target: 'es2022',
    strict: true,
    skipLibCheck: true, // The declarations of TensorFlow.js themselves have errors.
    types: ['node'],
    typeRoots: [join(ROOT, 'node_modules', '@types')],
    rootDir: '.',
    outDir: 'out',
    ...compilerOptions,
  };
  const configuration = { compilerOptions: options, files: ['consumer.ts'] };
  writeFileSync(join(stranger, 'tsconfig.json'), JSON.stringify(configuration));
  run(process.execPath, [join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', stranger]);
}

async function runInChromium(site) {
  const places = [process.env.CHROME_PATH, '/usr/bin/chromium', '/usr/bin/google-chrome'];
  const executablePath = places.find((path) => path && existsSync(path));
  if (!executablePath) throw new Error('No Chromium found. Install it, or set CHROME_PATH.');
  const types = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };
  const server = createServer(({ url }, response) => {
    const file = join(site, url === '/' ? 'index.html' : url);
    if (!existsSync(file)) return response.writeHead(404).end();
    response.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream' });
    response.end(readFileSync(file));
  });
  await new Promise((listening) => server.listen(0, 'localhost', listening));
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-background-networking'],
  });
  try {
    const page = await browser.newPage();
    const problems = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    await page.goto(`http://localhost:${server.address().port}/`);
    if (problems.length > 0) throw new Error(`The page failed: ${problems.join('; ')}`);
    const exported = await page.evaluate(() => globalThis.portable);
    if (exported.length !== portable.length || exported.includes(0))
      throw new Error(`Not all of ${portable} came`);
    for (const backend of ['cpu', 'wasm']) {
      const result = await page.evaluate((name) => globalThis.rehearse(name), backend);
      console.log(JSON.stringify(result));
      if (result.backend !== backend || result.steps !== 3 || result.images !== 24)
        throw new Error(`Expected three steps and 24 predictions on ${backend}.`);
    }
  } finally {
    await browser.close();
    server.close();
  }
}

function seconds() {
  return Math.round(performance.now() / 1000);
}

function step(name) {
  console.log(`\n== ${name} (${seconds()} s)`);
}
