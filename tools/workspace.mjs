/** What the tools know of the workspace: where it is, and the manifests in it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..');

export const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** The published packages, by name: `{ name, folder, manifest }`. */
export const PACKAGES = readdirSync(join(ROOT, 'packages')).map((name) => {
  const folder = join(ROOT, 'packages', name);
  return { name, folder, manifest: readJson(join(folder, 'package.json')) };
});

/** Entries of a published package as others import them: `['xray-core', 'xray-core/node']`. */
export const entriesOf = ({ name, manifest }) =>
  Object.keys(manifest.exports)
    .filter((entry) => entry !== './package.json')
    .map((entry) => ({ entry: entry.slice(2) || 'index', imported: `${name}${entry.slice(1)}` }));
