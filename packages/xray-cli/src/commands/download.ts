import type { Command } from 'commander';
import { InvalidArgumentError } from 'xray-core';
import { type CatalogEntry, DATASET_CATALOG } from 'xray-dataset';
import { downloadDataset } from 'xray-dataset/node';
import { readCatalog } from '../data/read-catalog.js';
import { newCommand } from '../terminal/new-command.js';
import { type OutputFlags, runTask } from '../terminal/run-task.js';

interface DownloadFlags extends OutputFlags {
  readonly folder: string;
  readonly mirror?: string | undefined;
  readonly catalog?: string | undefined;
}

/** `xray download`. */
export function downloadCommand(): Command {
  return newCommand('download', 'Downloads a public dataset, checks it and unpacks it.')
    .usage('[options] [name]')
    .argument('[name]', 'dataset to download (default: list them)')
    .option('--folder <folder>', 'where to put it', 'data')
    .option(
      '--mirror <address>',
      'folder on a server that has the files by their names (default: the source)',
    )
    .option('--catalog <file>', 'JSON list of more datasets, described as in DATASET_CATALOG of xray-dataset')
    .addHelpText('after', '\nA broken download is continued by the same command.')
    .action((name: string | undefined, _options, self: Command) =>
      download(name, self.optsWithGlobals<DownloadFlags>()),
    );
}

async function download(name: string | undefined, flags: DownloadFlags): Promise<void> {
  await runTask(flags, 'Go on with the same command.', async ({ signal, onEvent, say, finish }) => {
    const more = flags.catalog === undefined ? [] : await readCatalog(flags.catalog);
    const entries: readonly CatalogEntry[] = [...Object.values(DATASET_CATALOG), ...more];
    if (name === undefined) {
      finish(entries.map(describe).join('\n\n'), { datasets: entries });
      say('\nDownload one with: xray download <name>');
      return;
    }
    const entry = entries.find((one) => one.name === name);
    if (!entry) {
      const names = entries.map(({ name, title }) => `${name} (${title})`);
      throw new InvalidArgumentError({
        argument: 'name',
        expected: `one of ${names.join(', ')}`,
        received: name,
      });
    }
    say(`${describe(entry)}\nPlease cite:\n${entry.citations.map((text) => `  ${text}`).join('\n')}`);
    const { folder, mirror } = flags;
    const { path, isNew, record, keptArchive } = await downloadDataset(entry, {
      folder,
      mirror,
      signal,
      onProgress: onEvent,
    });
    if (keptArchive !== undefined) say(`${keptArchive} is not needed any more.`);
    say(`${isNew ? 'Downloaded and checked' : 'Already there, checked'}: ${path}`);
    say(`Where it is from: ${record}\nUse it with: xray train --data ${path}`);
    finish(path, { path, record, isNew });
  });
}

function describe({ name, title, file, source, licence, counts, notes }: CatalogEntry): string {
  const size = file.size === undefined ? '' : `, ${(file.size / 1e6).toFixed(0)} MB`;
  const sides = Object.entries(counts).map(([side, images]) => {
    const findings = Object.entries(images).map(([finding, count]) => `${count} ${finding}`);
    return `  ${side}: ${findings.join(', ')}`;
  });
  return [`${name}: ${title}${size}`, ...sides, `  ${licence.name}, ${source}`, `  ${notes}`].join('\n');
}
