/**
 * Classifies image files with a saved model and writes one CSV row per file.
 *
 *   npx -y pnpm@12.21.0 example predict-images scan1.jpeg scan2.png > probabilities.csv
 *
 * `--model runs/first` takes a model of your own. Research only, not a medical device.
 */
import type { ImageWarning } from 'xray-core';
import { writeFileAtomic } from 'xray-core/node';
import { decodeImageFile } from 'xray-dataset/node';
import { classify, type ModelBundle } from 'xray-models';
import type { DeviceKind } from 'xray-node-gpu';
import { modelOption, openBundle } from './common/bundle.js';
import {
  badImageOption,
  deviceOption,
  memoryLimitOption,
  newCommand,
  workersOption,
} from './common/flags.js';
import { addImageOptions, type ImageFlags } from './common/image-flags.js';
import { imageNotes, noteLines } from './common/image-notes.js';
import { toCsv } from './common/run-folder.js';
import { runProgram } from './common/run-program.js';
import {
  drawsOption,
  type TestTimeAugmentationFlags,
  testTimeAugmentationOf,
  testTimeAugmentationOption,
} from './common/test-time-augmentation.js';
import { fastForward, withReplicas } from './common/workers.js';

/** Images that are decoded before the model gets them, and the most that are classified without workers. */
const CHUNK = 64;
/** Of the draws of --test-time-augmentation. */
const SEED = 7;

const command = addImageOptions(
  newCommand('predict-images', 'Classifies image files with a saved model; one CSV row per file.')
    .usage('[options] <images...>')
    .allowExcessArguments()
    .argument('<images...>', 'image files')
    .addOption(
      modelOption(
        'run folder, or the model folder in it (default: the trained model of xray-model-pneumonia)',
      ),
    )
    .option('--output <file>', 'CSV file to write (default: standard output)')
    .addOption(deviceOption())
    .addOption(workersOption())
    .addOption(memoryLimitOption())
    .addOption(badImageOption())
    .addOption(testTimeAugmentationOption())
    .addOption(drawsOption())
    .addHelpText(
      'after',
      "\nColumns: file, class (at the model's threshold), a probability per class, is_pneumonia, warnings.",
    ),
).parse();
const flags = command.opts<
  TestTimeAugmentationFlags &
    ImageFlags & {
      model?: readonly string[];
      output?: string;
      device?: DeviceKind;
      workers?: number;
      memoryLimit?: number;
      onBadImage: 'fail' | 'skip';
    }
>();

await runProgram(flags, 'Nothing was written.', async ({ device, signal, onProgress, say }) => {
  const testTimeAugmentation = testTimeAugmentationOf(flags, SEED);
  const bundle = withBits(await openBundle(flags.model), flags.bitsStored);
  const { input, classList } = bundle.metadata;
  const forward = fastForward(bundle.model, device);
  const rows: unknown[][] = [];
  const doubts: (ImageWarning & { id: string })[] = [];
  const workers = command.args.length > CHUNK ? device.workers : 1; // a few images are done before workers have started
  await withReplicas(
    bundle.model,
    { device, workers, memoryLimit: flags.memoryLimit, signal },
    async (replicas) => {
      for (let start = 0; start < command.args.length; start += CHUNK) {
        const files = command.args.slice(start, start + CHUNK);
        const decoded = await Promise.allSettled(
          files.map((file) =>
            decodeImageFile(file, { rule: input.resize, frame: flags.frame, maxPixels: flags.maxPixels }),
          ),
        );
        const readable = files.flatMap((file, index) => {
          const result = decoded[index]!;
          if (result.status === 'fulfilled') return [{ file, image: result.value }];
          if (flags.onBadImage === 'fail') throw result.reason;
          say(`Skipped: ${result.reason instanceof Error ? result.reason.message : result.reason}`);
          return [];
        });
        const results = await classify(
          bundle,
          readable.map(({ image }) => image),
          {
            ...{ signal, forward, testTimeAugmentation, ids: readable.map(({ file }) => file) },
            mapBatches: replicas && ((batches) => replicas.mapBatches(batches)),
          },
        );
        results.forEach(({ className, probabilities, isPneumonia, warnings }, index) => {
          const values = classList.names.map((name) => probabilities[name]!.toFixed(6));
          const { file } = readable[index]!;
          rows.push([file, className, ...values, isPneumonia, warnings.map(({ text }) => text).join('; ')]);
          doubts.push(...warnings.map((warning) => ({ id: file, ...warning })));
        });
        onProgress({ type: 'predict', done: start + files.length, total: command.args.length });
      }
    },
  );
  for (const line of noteLines(imageNotes(doubts))) say(line);
  const probabilities = classList.names.map((name) => `p_${name}`);
  const csv = toCsv(['file', 'class', ...probabilities, 'is_pneumonia', 'warnings'], rows);
  if (flags.output) await writeFileAtomic(flags.output, csv);
  else process.stdout.write(csv);
  say(`${rows.length} of ${command.args.length} images classified. ${bundle.metadata.notice}`);
  bundle.model.dispose();
});

/** The bundle with other bits of 16-bit images than it says, if any are given. */
function withBits(bundle: ModelBundle, bitsStored: number | undefined): ModelBundle {
  if (bitsStored === undefined) return bundle;
  const { metadata } = bundle;
  return { ...bundle, metadata: { ...metadata, input: { ...metadata.input, bitsStored } } };
}
