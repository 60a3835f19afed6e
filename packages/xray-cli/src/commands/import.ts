import { readFile, stat } from 'node:fs/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { FileError, type ResizeRule } from 'xray-core';
import { importModel, loadKerasModel, NOT_A_MEDICAL_DEVICE, saveBundle } from 'xray-models';
import { readFileBytes } from 'xray-models/node';
import { modelFolder } from 'xray-node-gpu';
import { positiveInteger } from '../terminal/flag-values.js';
import { newCommand, newRunFolder } from '../terminal/new-command.js';
import { type OutputFlags, runOnDevice } from '../terminal/run-task.js';

interface ImportFlags extends OutputFlags {
  readonly labels: string;
  readonly inputRange?: readonly [number, number] | undefined;
  readonly imageSize?: number | undefined;
  readonly fit?: ResizeRule['fit'] | undefined;
  readonly logits: boolean;
  readonly license?: string | undefined;
  readonly output?: string | undefined;
}

/** `xray import`. */
export function importCommand(): Command {
  return newCommand(
    'import',
    'Makes a bundle of a Keras file, a Teachable Machine export or a plain TensorFlow.js layers model.',
  )
    .usage('[options] <model>')
    .argument('<model>', 'file of Keras (.h5, .keras), or folder with model.json')
    .requiredOption(
      '--labels <file or names>',
      'a file of labels, or names with commas, in the order of the outputs; for one sigmoid output, the one class whose probability it is',
    )
    .option(
      '--input-range <low,high>',
      'what black and white were to the model in training, such as 0,1 or -1,1 or 0,255 (required unless Teachable Machine made it)',
      numberPair,
    )
    .option(
      '--image-size <pixels>',
      'height and width of images (default: what the model takes)',
      positiveInteger,
    )
    .addOption(
      new Option('--fit <how>', 'how images become that large').choices(['fill', 'contain', 'cover']),
    )
    .option('--logits', 'the model gives logits, not probabilities', false)
    .option('--license <SPDX>', 'licence of the weights')
    .option('--output <folder>', 'bundle to create (default: runs/import-<time>)')
    .addHelpText(
      'after',
      `
Examples:
  xray import pneumonia.h5 --labels pneumonia --input-range 0,1 --output bundles/keras
  xray import teachable-machine --labels teachable-machine/metadata.json`,
    )
    .action((path: string, _options, self: Command) => importFrom(path, self.optsWithGlobals<ImportFlags>()));
}

async function importFrom(path: string, flags: ImportFlags): Promise<void> {
  const device = { device: 'cpu', quiet: flags.quiet, json: flags.json } as const;
  await runOnDevice(device, 'Nothing was written.', async ({ say, finish }) => {
    const labels = await readFile(flags.labels, 'utf8').catch(() => flags.labels.split(','));
    const output = flags.output ?? newRunFolder('import');
    const { imageSize } = flags;
    await refuseFullFolder(output);
    const bundle = await importModel(await sourceOf(path), {
      labels,
      inputRange: flags.inputRange,
      imageSize: imageSize === undefined ? undefined : [imageSize, imageSize],
      fit: flags.fit,
      logits: flags.logits,
      license: flags.license,
    });
    await saveBundle(bundle, modelFolder(output));
    finish(bundle.assumptions.join('\n'), { folder: output, assumptions: bundle.assumptions });
    say(`Bundle: ${output}\n${NOT_A_MEDICAL_DEVICE}`);
    bundle.model.dispose();
  });
}

async function sourceOf(path: string) {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return isFolder ? modelFolder(path) : loadKerasModel(await readFileBytes(path));
}

async function refuseFullFolder(path: string): Promise<void> {
  if (await stat(path).catch(() => undefined))
    throw new FileError({ file: path, problem: 'exists already', fix: 'Choose another `--output`.' });
}

function numberPair(text: string): [number, number] {
  const [low, high, ...more] = text
    .split(',')
    .map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (Number.isFinite(low) && Number.isFinite(high) && more.length === 0) return [low!, high!];
  throw new InvalidArgumentError('It must be two numbers, such as -1,1.');
}
