/** Where the sources of the packages are: known to whoever publishes them, not to the sources. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGES, readJson } from './workspace.mjs';

/**
 * Writes `repository`, `homepage` and `bugs` into the manifest of every package: the registry accepts provenance only from the
 * repository that a package names, and finds there what READMEs link to.
 *
 * @param {string} address - Of the repository on GitHub, such as `https://github.com/owner/name`.
 */
export function nameRepository(address) {
  for (const { name, folder } of PACKAGES) {
    const file = join(folder, 'package.json');
    const directory = `packages/${name}`;
    const manifest = {
      ...readJson(file), // not `manifest` of the package: its version has been raised since
      repository: { type: 'git', url: `git+${address}.git`, directory },
      homepage: `${address}/tree/main/${directory}#readme`,
      bugs: `${address}/issues`,
    };
    writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
  }
}
