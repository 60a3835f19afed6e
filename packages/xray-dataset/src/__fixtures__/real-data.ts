import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A folder of real images beside the repository; tests that need it are skipped, saying so, where it is missing. */
export function realData(path: string): { folder: string; isMissing: boolean } {
  const folder = fileURLToPath(new URL(`../../../../../shared/data/${path}`, import.meta.url));
  const isMissing = !existsSync(folder);
  if (isMissing) process.stderr.write(`Tests on real images are skipped: there is no folder ${folder}.\n`);
  return { folder, isMissing };
}
