/**
 * Downloads a public dataset, checks it, unpacks it and says how to use it. Broken downloads are continued by the same
 * command.
 *
 *   npx -y pnpm@12.21.0 example download-dataset pneumonia-mnist-224
 *
 * Without a name it lists what there is. Research only, not a medical device.
 */
import { type CatalogEntry, DATASET_CATALOG } from 'xray-dataset';
import { downloadDataset } from 'xray-dataset/node';
import { newCommand } from './common/flags.js';
import { readCatalog } from './common/read-catalog.js';
import { runTask } from './common/run-program.js';

const command = newCommand('download-dataset', 'Downloads a public dataset, checks it and unpacks it.')
  .usage('[options] [name]')
  .argument('[name]', 'dataset to download (default: list them)')
  .option('--folder <folder>', 'where to put it', 'data')
  .option('--mirror <address>', 'folder on a server that has the files by their names (default: the source)')
  .option('--catalog <file>', 'JSON list of more datasets, described as in DATASET_CATALOG of xray-dataset')
  .parse();
const flags = command.opts<{ folder: string; mirror?: string; catalog?: string }>();
const [name] = command.args;

await runTask('Go on with the same command.', async ({ signal, onProgress, say }) => {
  const more = flags.catalog === undefined ? [] : await readCatalog(flags.catalog);
  const entries: readonly CatalogEntry[] = [...Object.values(DATASET_CATALOG), ...more];
  const entry = entries.find((one) => one.name === name);
  if (!entry) {
    if (name === undefined) {
      console.log(entries.map(describe).join('\n\n'));
      say('\nDownload one with: npx -y pnpm@12.21.0 example download-dataset <name>');
    } else {
      const names = entries.map(({ name, title }) => `  ${name}: ${title}`);
      say(`Error: There is no dataset ${name}, expected one of\n${names.join('\n')}`);
      process.exitCode = 1;
    }
    return;
  }
  say(`${describe(entry)}\nPlease cite:\n${entry.citations.map((text) => `  ${text}`).join('\n')}`);
  const { folder, mirror } = flags;
  const { path, isNew, record, keptArchive } = await downloadDataset(entry, {
    ...{ folder, mirror, signal, onProgress },
  });
  if (keptArchive !== undefined) say(`${keptArchive} is not needed any more.`);
  say(`${isNew ? 'Downloaded and checked' : 'Already there, checked'}: ${path}`);
  say(`Where it is from: ${record}\nUse it with: npx -y pnpm@12.21.0 example cnn-2-classes --data ${path}`);
  console.log(path);
});

function describe({ name, title, file, source, licence, counts, notes }: CatalogEntry): string {
  const size = file.size === undefined ? '' : `, ${(file.size / 1e6).toFixed(0)} MB`;
  const sides = Object.entries(counts).map(([side, images]) => {
    const findings = Object.entries(images).map(([finding, count]) => `${count} ${finding}`);
    return `  ${side}: ${findings.join(', ')}`;
  });
  return [`${name}: ${title}${size}`, ...sides, `  ${licence.name}, ${source}`, `  ${notes}`].join('\n');
}
