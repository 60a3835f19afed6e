/**
 * Asks the registry for known vulnerabilities of everything in the lockfile. Each one has to be fixed, or explained in
 * tools/explained-advisories.json. A registry that does not answer is no failure, unless it has to: `--require`.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT, readJson } from './workspace.mjs';

const isRequired = process.argv.includes('--require');
const explained = readJson(join(ROOT, 'tools', 'explained-advisories.json'));

const { stdout, stderr, error } = spawnSync('pnpm', ['audit', '--json'], {
  cwd: ROOT,
  encoding: 'utf8',
  shell: process.platform === 'win32',
});
const advisories = parse(stdout);
if (advisories === undefined) {
  console.error(`The registry could not be asked for vulnerabilities; nothing is known about them.`);
  console.error((stderr || stdout || String(error)).trim().replace(/https?:\/\/\S+/g, '<registry>'));
  process.exit(isRequired ? 1 : 0);
}

const open = advisories.filter((advisory) => !(idOf(advisory) in explained));
for (const advisory of open) {
  console.error(
    `${advisory.severity}: ${advisory.module_name} ${advisory.vulnerable_versions}: ${advisory.title} (${idOf(advisory)})`,
  );
}
const outdated = Object.keys(explained).filter((id) => !advisories.some((advisory) => idOf(advisory) === id));
for (const id of outdated)
  console.error(`${id} is explained in tools/explained-advisories.json, but no longer found`);
if (open.length + outdated.length > 0) process.exit(1);
console.log(`No vulnerability is unexplained (${advisories.length} explained).`);

function parse(text) {
  try {
    return Object.values(JSON.parse(text).advisories);
  } catch {
    return undefined;
  }
}

function idOf({ github_advisory_id, url }) {
  return github_advisory_id ?? url.split('/').at(-1);
}
