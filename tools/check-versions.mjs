/**
 * Fails when packages of the workspace ask for different versions of the same thing: what two of them depend on has its
 * version in the catalog of pnpm-workspace.yaml.
 */
import { join } from 'node:path';
import { PACKAGES, ROOT, readJson } from './workspace.mjs';

const manifests = [
  readJson(join(ROOT, 'package.json')),
  readJson(join(ROOT, 'tests', 'package.json')),
  readJson(join(ROOT, 'examples', 'programs', 'package.json')),
  readJson(join(ROOT, 'bench', 'package.json')),
  readJson(join(ROOT, 'research', 'package.json')),
  ...PACKAGES.map(({ manifest }) => manifest),
];
const problems = [];
const compare = (fields, wanted) => {
  const found = new Map();
  for (const manifest of manifests) {
    for (const field of fields) {
      for (const [dependency, version] of Object.entries(manifest[field] ?? {})) {
        const users = found.get(dependency) ?? [];
        found.set(dependency, [...users, { version, user: `${manifest.name} (${field})` }]);
      }
    }
  }
  for (const [dependency, users] of found) {
    const versions = new Set(users.map(({ version }) => version));
    if (versions.size > 1 || !wanted(users)) {
      const list = users.map(({ user, version }) => `  ${version} in ${user}`).join('\n');
      problems.push(`${dependency} is asked for by several packages, not all from the catalog:\n${list}`);
    }
  }
};
compare(
  ['dependencies', 'devDependencies', 'optionalDependencies'],
  (users) =>
    users.length === 1 || users.every(({ version }) => version === 'catalog:' || version === 'workspace:^'),
);
compare(['peerDependencies'], () => true);
compare(['engines'], () => true);

if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}
console.log('Every shared dependency has one version.');
