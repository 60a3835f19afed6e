/**
 * Makes a bundle of a model from elsewhere, for `predict-images` and `evaluate-model`, and says what it took for granted.
 *
 *   npx -y pnpm@12.21.0 example import-model pneumonia.h5 --labels pneumonia --input-range 0,1 --output bundles/keras
 *   npx -y pnpm@12.21.0 example import-model teachable-machine --labels teachable-machine/metadata.json
 *
 * Research only, not a medical device.
 */
import { readFile, stat } from 'node:fs/promises';
import { InvalidArgumentError, Option } from 'commander';
import type { ResizeRule } from 'xray-core';
import { FileError } from 'xray-core';
import { importModel, loadKerasModel, NOT_A_MEDICAL_DEVICE, saveBundle } from 'xray-models';
import { readFileBytes } from 'xray-models/node';
import { modelFolder } from 'xray-node-gpu';
import { positiveInteger } from './common/flag-values.js';
import { newCommand, newRunFolder } from './common/flags.js';
import { runProgram } from './common/run-program.js';

const command = newCommand(
  'import-model',
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
  .addOption(new Option('--fit <how>', 'how images become that large').choices(['fill', 'contain', 'cover']))
  .option('--logits', 'the model gives logits, not probabilities', false)
  .option('--license <SPDX>', 'licence of the weights')
  .option('--output <folder>', 'bundle to create', newRunFolder('import-model'))
  .parse();
const flags = command.opts<{
  labels: string;
  inputRange?: readonly [number, number];
  imageSize?: number;
  fit?: ResizeRule['fit'];
  logits: boolean;
  license?: string;
  output: string;
}>();

await runProgram({ device: 'cpu' }, 'Nothing was written.', async ({ say }) => {
  const path = command.args[0]!;
  const labels = await readFile(flags.labels, 'utf8').catch(() => flags.labels.split(','));
  const { labels: _, output, imageSize, ...options } = flags;
  await refuseFullFolder(output);
  const bundle = await importModel(await sourceOf(path), {
    ...options,
    labels,
    ...(imageSize && { imageSize: [imageSize, imageSize] }),
  });
  await saveBundle(bundle, modelFolder(output));
  console.log(bundle.assumptions.join('\n'));
  say(`Bundle: ${output}\n${NOT_A_MEDICAL_DEVICE}`);
  bundle.model.dispose();
});

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
