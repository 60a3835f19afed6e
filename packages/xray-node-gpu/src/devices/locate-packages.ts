import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** An optional package that is installed. */
export interface LocatedPackage {
  /** Absolute path of its entry. */
  readonly entry: string;
  readonly version: string;
}

/** Packages are looked for beside this one, and from the program's folder, where a user installs optional ones. */
const places = () => [createRequire(import.meta.url), createRequire(join(process.cwd(), 'package.json'))];

/**
 * Finds optional packages without loading them.
 *
 * @returns By npm name; the missing ones have no entry.
 */
export function locatePackages(names: readonly string[]): Partial<Record<string, LocatedPackage>> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const found = locate(name);
      return found ? [[name, found]] : [];
    }),
  );
}

/** Whether the folder of a package is there, although `locatePackages` does not find it: an interrupted installation. */
export function isIncomplete(name: string): boolean {
  return places().some((require) =>
    (require.resolve.paths(name) ?? []).some((folder) => existsSync(join(folder, name))),
  );
}

function locate(name: string): LocatedPackage | undefined {
  for (const require of places()) {
    try {
      const entry = require.resolve(name);
      const root = entry.slice(
        0,
        entry.lastIndexOf(join('node_modules', name)) + join('node_modules', name).length,
      );
      const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
      return { entry, version };
    } catch {
      // not installed there
    }
  }
  return undefined;
}
