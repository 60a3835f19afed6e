/**
 * Runs a program of `examples/programs`, or forwards the names that programs had before there was `xray`:
 *
 *   node tools/run-example.mjs <name> [flags]
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What became of programs. */
const FORWARDED = {
  'audit-dataset': ['audit'],
  'cnn-2-classes': ['train', '--recipe', 'cnn-2-classes'],
  'cnn-3-classes': ['train', '--recipe', 'cnn-3-classes'],
  'cnn-transfer-3-classes': ['train', '--recipe', 'cnn-transfer'],
  'download-dataset': ['download'],
  'evaluate-model': ['evaluate'],
  'import-model': ['import'],
  'inception-v3-3-classes': ['train', '--recipe', 'inception-v3'],
  'predict-images': ['predict'],
  robust: ['train', '--recipe', 'robust'],
};

const folder = join(import.meta.dirname, '..', 'examples', 'programs');
const [name, ...flags] = process.argv.slice(2);
const forwarded = FORWARDED[name];
if (forwarded) console.error(`\`example ${name}\` is now \`xray ${forwarded.join(' ')}\`.`);
else if (!name || !existsSync(join(folder, `${name}.ts`))) {
  const names = readdirSync(folder).flatMap((file) => (file.endsWith('.ts') ? [file.slice(0, -3)] : []));
  console.error(`Usage: npx -y pnpm@12.21.0 example <name> [flags]\nNames: ${names.join(', ')}`);
  process.exit(name ? 1 : 0);
}
const file = forwarded ? 'packages/xray-cli/src/bin/xray.ts' : join(folder, `${name}.ts`);
process.argv.splice(2, process.argv.length, file, ...(forwarded ?? []), ...flags);
await import('./run-source.mjs');
