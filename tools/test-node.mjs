/**
 * Runs the tests with another Node, from the npm package `node`:
 *
 *   npx -y pnpm@12.21.0 test:node 24 [arguments of vitest run]
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const [version, ...vitestArguments] = process.argv.slice(2);
if (!/^\d+(\.\d+){0,2}$/.test(version ?? '')) {
  console.error('Usage: pnpm test:node <version of Node, such as 24> [arguments of vitest run]');
  process.exit(1);
}
const root = join(import.meta.dirname, '..');
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const node = ['-y', '-p', `node@${version}`, '--', 'node'];
const { status, error } = spawnSync('npx', [...node, vitest, 'run', ...vitestArguments], {
  cwd: root,
  stdio: 'inherit',
  shell: process.platform === 'win32', // npx is a .cmd there
});
if (error) console.error(`npx could not be started: ${error.message}`);
process.exit(status ?? 1);
