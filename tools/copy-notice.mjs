/** Puts the project's NOTICE into a package that is being packed; pnpm does so with the LICENSE. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './workspace.mjs';

copyFileSync(join(ROOT, 'NOTICE'), join(process.cwd(), 'NOTICE'));
