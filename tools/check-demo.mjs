/** Checks what the README promises about the demo, on its newest run: it learned, and it took at most 90 seconds. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const runs = join(import.meta.dirname, '..', 'runs');
const newest = readdirSync(runs)
  .filter((name) => name.startsWith('cnn-2-classes-'))
  .sort()
  .at(-1);
const read = (file) => JSON.parse(readFileSync(join(runs, newest, file), 'utf8'));
const { auroc } = read('evaluation.json');
const { status, lastProcessSeconds } = read('run.json');
console.log(`Demo: ${status}, test AUROC ${auroc.toFixed(3)}, ${lastProcessSeconds} s`);
if (status !== 'finished' || !(auroc > 0.9) || !(lastProcessSeconds <= 90)) {
  console.error('Expected a finished run with a test AUROC above 0.9 within 90 seconds.');
  process.exit(1);
}
