import { Command, Option } from 'commander';
import { DEVICE_KINDS } from 'xray-node-gpu';
import { positiveInteger } from './flag-values.js';

/** A command with the project's manners. */
export function newCommand(name: string, summary: string): Command {
  return new Command(name)
    .summary(summary)
    .description(`${summary}\nResearch only, not a medical device.`)
    .usage('[options]')
    .allowExcessArguments(false)
    .showHelpAfterError('(--help lists the flags)');
}

/** Where a program computes. */
export function addDeviceFlags(command: Command): Command {
  return command
    .addOption(
      new Option('--device <kind>', 'the only device to use (default: the fastest that works)').choices([
        ...DEVICE_KINDS,
      ]),
    )
    .addOption(
      new Option(
        '--workers <number>',
        'copies of the model that share the work: threads on wasm and cpu, processes on node and node-gpu (default: physical cores, 1, GPUs)',
      ).argParser(positiveInteger),
    )
    .addOption(
      new Option(
        '--memory-limit <MiB>',
        'most memory that tensors may take on the device, in each worker (default: all there is)',
      ).argParser(positiveInteger),
    );
}

/** What is done about files that cannot be read. */
export const badImageFlag = () =>
  new Option('--on-bad-image <what>', 'what to do about images that cannot be read')
    .choices(['fail', 'skip'])
    .default('fail');

/** `--shifts`, or `--no-shifts` where a recipe has them. */
export const SHIFTS_HELP =
  'also measure the model on images changed as those from elsewhere differ: brightness, sharpness, proportions and more';

/** `--model <folder>`, given once for each model of an ensemble. */
export function modelFlag(words: string): Option {
  return new Option('--model <folder>', `${words}; several times for the mean of several models`).argParser(
    (path: string, paths: readonly string[] = []) => [...paths, path],
  );
}

/** `runs/<name>-2026-01-31-235959`, new every second. */
export function newRunFolder(name: string): string {
  const time = new Date().toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '');
  return `runs/${name}-${time}`;
}
