/**
 * Checks the licences of everything that is installed, and lists those of what the published packages bring along in
 * docs/licences.md: `pnpm check:licences`, after a change of dependencies `pnpm check:licences --update`.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import satisfies from 'spdx-satisfies';
import { PACKAGES, ROOT, readJson } from './workspace.mjs';

/** Go with Apache-2.0, in programs of any licence. */
const PERMISSIVE = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  'Zlib',
];
/** Of tools that are used here and passed on to nobody. */
const OF_TOOLS = [...PERMISSIVE, 'CC-BY-3.0', 'CC0-1.0', 'MPL-2.0', 'Python-2.0', 'Unlicense', 'WTFPL'];
/** What the rules above do not cover, with the reason why it may be used all the same. */
const EXCEPTIONS = {
  '@img/sharp-libvips-<platform>':
    'LGPL-3.0-or-later: a library of its own, loaded at run time, that anybody can replace',
  '@img/sharp-win32-<platform>': 'Apache-2.0, and libvips as above',
  h5wasm: "NIST's own, which asks for its notice alone, and the BSD licence of HDF5",
  spawndamnit: 'its LICENSE file is that of MIT',
};
const LIST = join(ROOT, 'docs', 'licences.md');

const problems = [];
const check = (name, licence, allowed) => {
  if (name in EXCEPTIONS) return;
  let isAllowed = false;
  try {
    isAllowed = satisfies(licence, allowed);
  } catch {
    // Not an SPDX expression.
  }
  if (!isAllowed)
    problems.push(`${name} has the licence ${licence}, which tools/check-licences.mjs does not allow`);
};

const shipped = new Map();
for (const { name, folder, manifest } of PACKAGES) {
  const peers = Object.keys(manifest.peerDependencies ?? {})
    .filter((peer) => !manifest.peerDependenciesMeta?.[peer]?.optional)
    .map((peer) => readJson(join(folder, 'node_modules', peer, 'package.json')));
  for (const { name: dependency, license } of [...peers, ...installed(folder, '--prod')]) {
    const row = shipped.get(dependency) ?? { licence: license, users: new Set() };
    row.users.add(name);
    shipped.set(dependency, row);
  }
}
for (const [name, { licence }] of shipped) check(name, licence, PERMISSIVE);
for (const folder of [
  ROOT,
  join(ROOT, 'tests'),
  join(ROOT, 'examples', 'programs'),
  join(ROOT, 'bench'),
  join(ROOT, 'research'),
  ...PACKAGES.map(({ folder }) => folder),
]) {
  for (const { name, license } of installed(folder)) check(name, license, OF_TOOLS);
}

const rows = [...shipped].sort(([a], [b]) => (a < b ? -1 : 1));
const text = `# Licences of dependencies

What \`npm install\` of the packages brings along, peers included. All of it may be used together with Apache-2.0 in programs of any
licence. \`pnpm check:licences\` checks it, and the tools that are used here but not passed on; \`pnpm check:licences --update\` writes
this list.

| Package | Licence | Needed by |
| --- | --- | --- |
${rows.map(([name, { licence, users }]) => `| ${name} | ${licence} | ${[...users].join(', ')} |`).join('\n')}

${Object.entries(EXCEPTIONS)
  .filter(([name]) => shipped.has(name))
  .map(([name, reason]) => `- \`${name}\`: ${reason}.`)
  .join('\n')}
`;
const list = execFileSync(
  join(ROOT, 'node_modules', '.bin', 'biome'),
  ['format', `--stdin-file-path=${LIST}`],
  {
    cwd: ROOT,
    encoding: 'utf8',
    input: text,
    shell: process.platform === 'win32',
  },
);
if (process.argv.includes('--update')) writeFileSync(LIST, list);
else if (readFileSync(LIST, 'utf8') !== list) {
  problems.push(
    'docs/licences.md is not up to date: run `pnpm check:licences --update` and look at what changed',
  );
}
if (problems.length > 0) {
  console.error([...new Set(problems)].join('\n'));
  process.exit(1);
}
console.log(`Licences are compatible: ${shipped.size} packages are passed on.`);

/** Packages below a folder, by the name and licence in their manifests; one name for those of all platforms. */
function installed(folder, ...flags) {
  const list = execFileSync('pnpm', ['--dir', folder, 'licenses', 'list', '--json', ...flags], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  return Object.values(JSON.parse(list))
    .flat()
    .map(({ name, license }) => ({
      name: name.replace(/^(@img\/sharp-(?:libvips-|win32-)?)[a-z\d-]+$/, '$1<platform>'),
      license,
    }));
}
