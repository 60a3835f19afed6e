/**
 * Versions, builds, checks and publishes every package with a new version, each with its own:
 *
 *   pnpm release                              with provenance: in the GitHub workflow `release`
 *   pnpm release --rehearse <registry>        without provenance and tags
 *   pnpm release:version                      only writes the versions and changelogs that the changesets ask for
 *
 * What is on the registry already is left alone, so a release that broke off is finished by the same command.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { nameRepository } from './name-repository.mjs';
import { ROOT } from './workspace.mjs';

const { values } = parseArgs({ options: { rehearse: { type: 'string' } } });
const registry = values.rehearse;
const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = process.env;
if (!server || !repository) {
  console.error(
    'Expected GITHUB_SERVER_URL and GITHUB_REPOSITORY, which say where the sources are: provenance proves just that.\n' +
      "GitHub's workflow `Release` sets them and publishes; `pnpm release:rehearse` tries it all on this machine.",
  );
  process.exit(1);
}

const run = (command, ...args) => {
  console.log(`\n> ${command} ${args.join(' ')}`);
  const { status, error } = spawnSync(command, args, {
    cwd: ROOT,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (error) console.error(error.message);
  if (status !== 0) {
    console.error(`The release stopped at \`${command} ${args.join(' ')}\`. Nothing after it was done.`);
    process.exit(1);
  }
};

const hasChangesets = readdirSync(join(ROOT, '.changeset')).some((file) => file.endsWith('.md'));
if (hasChangesets) {
  run('pnpm', 'release:version');
  run('git', 'add', '--all', 'packages', '.changeset');
  run('git', 'commit', '--quiet', '--message', 'Release');
}
nameRepository(`${server}/${repository}`);
run('pnpm', 'build');
for (const check of ['check', 'check:imports', 'check:types', 'check:api', 'check:packages'])
  run('pnpm', check);

// Not the checks of git: the named repository is a change.
const publish = ['--recursive', 'publish', '--access', 'public', '--no-git-checks'];
if (registry) {
  run('pnpm', ...publish, '--registry', registry);
} else {
  run('pnpm', ...publish, '--provenance');
  run('pnpm', 'changeset', 'tag');
}
