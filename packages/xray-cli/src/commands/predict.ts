import { text as readStream } from 'node:stream/consumers';
import { type Command, Option } from 'commander';
import { writeFileAtomic } from 'xray-core/node';
import { imageNotes, noteLines } from '../data/image-notes.js';
import type { ImageOptions } from '../data/image-options.js';
import {
  formatPredictions,
  PREDICTION_FORMATS,
  type PredictionFormat,
} from '../prediction/format-predictions.js';
import { holdsModel } from '../prediction/open-bundle.js';
import { type PredictEvent, predictFolder } from '../prediction/predict-folder.js';
import { addImageFlags } from '../terminal/image-flags.js';
import { addDeviceFlags, badImageFlag, modelFlag, newCommand } from '../terminal/new-command.js';
import { type DeviceFlags, type OutputFlags, runOnDevice } from '../terminal/run-task.js';
import {
  addTestTimeAugmentationFlags,
  type TestTimeAugmentationFlags,
  testTimeAugmentationOf,
} from '../terminal/test-time-augmentation-flags.js';

/** Of the draws of --test-time-augmentation. */
const SEED = 7;

interface PredictFlags extends TestTimeAugmentationFlags, ImageOptions, DeviceFlags, OutputFlags {
  readonly model?: readonly string[] | undefined;
  readonly output?: string | undefined;
  readonly format?: PredictionFormat | undefined;
  readonly onBadImage: 'fail' | 'skip';
}

/** `xray predict`. */
export function predictCommand(): Command {
  const command = newCommand('predict', 'Classifies image files with a saved model.')
    .usage('[options] [run or model folder] <images...>')
    .allowExcessArguments()
    .argument(
      '<images...>',
      "image files, folders, patterns such as 'scans/*.dcm', or - for names from standard input, one a line",
    )
    .addOption(
      modelFlag('run folder, or the model folder in it (default: the trained model of xray-model-pneumonia)'),
    )
    .option('--output <file>', 'file to write (default: standard output)')
    .addOption(
      new Option(
        '--format <format>',
        'csv, jsonl (one JSON object a line) or table (default: table on a terminal, csv elsewhere)',
      ).choices(PREDICTION_FORMATS),
    )
    .addOption(badImageFlag());
  return addTestTimeAugmentationFlags(addDeviceFlags(addImageFlags(command)))
    .addHelpText(
      'after',
      `
Columns of csv: file, class (at the model's threshold), a probability per class, is_pneumonia, warnings.

Examples:
  xray predict scan.jpeg
  xray predict ./scans > probabilities.csv
  xray predict runs/first 'scans/*.dcm' --format jsonl
  find . -name '*.dcm' | xray predict -`,
    )
    .action((images: string[], _options, self: Command) =>
      predict(images, self.optsWithGlobals<PredictFlags>()),
    );
}

async function predict(named: readonly string[], flags: PredictFlags): Promise<void> {
  await runOnDevice(flags, 'Nothing was written.', async ({ device, signal, onEvent, say, finish }) => {
    const { models, images } = await splitArguments(named, flags.model);
    const tell = (event: PredictEvent) => {
      if (event.type === 'skipped') say(`Skipped: ${event.reason}`);
      else if (event.type !== 'prediction') onEvent(event);
    };
    const { predictions, skipped, classNames, notice } = await predictFolder({
      device,
      images,
      models,
      testTimeAugmentation: testTimeAugmentationOf(flags, SEED),
      memoryLimit: flags.memoryLimit,
      onBadImage: flags.onBadImage,
      frame: flags.frame,
      maxPixels: flags.maxPixels,
      bitsStored: flags.bitsStored,
      signal,
      onEvent: tell,
    });
    const doubts = predictions.flatMap(({ file, warnings }) =>
      warnings.map((warning) => ({ id: file, ...warning })),
    );
    for (const line of noteLines(imageNotes(doubts))) say(line);
    const format = flags.format ?? (process.stdout.isTTY && !flags.output ? 'table' : 'csv');
    const text = formatPredictions(predictions, classNames, format);
    if (flags.output) await writeFileAtomic(flags.output, text);
    if (flags.output === undefined || flags.json) finish(text.trimEnd(), { predictions, skipped });
    say(`${predictions.length} of ${predictions.length + skipped.length} images classified. ${notice}`);
  });
}

/** Models and images: a first argument that is a run or model folder is the model. */
async function splitArguments(named: readonly string[], models: readonly string[] | undefined) {
  const [first, ...rest] = named;
  const isModel = models === undefined && rest.length > 0 && first !== undefined && (await holdsModel(first));
  const paths = isModel ? rest : named;
  const lists = await Promise.all(paths.map((path) => (path === '-' ? namesFromInput() : [path])));
  return { models: isModel ? [first] : models, images: lists.flat() };
}

async function namesFromInput(): Promise<string[]> {
  const names = (await readStream(process.stdin)).split(/\r?\n/);
  return names.map((name) => name.trim()).filter((name) => name !== '');
}
