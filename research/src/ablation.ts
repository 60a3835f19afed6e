/**
 * Trains the robust recipe with one ingredient changed at a time, with several seeds, and ranks what comes out by how it holds
 * under acquisition shifts on validation patients.
 *
 *   npx -y pnpm@12.21.0 ablation --data <folder of chest X-rays> --output ablation.json
 *
 * A test side of the data is not touched. Research only, not a medical device.
 */
import { readFile } from 'node:fs/promises';
import { Option } from 'commander';
import { robust } from 'xray-augment';
import { changeRecipe, measureUnderShifts, RECIPES, trainingOptionsOf } from 'xray-cli';
import {
  addDeviceFlags,
  DECODE_CONCURRENCY,
  fastForward,
  newCommand,
  positiveInteger,
  runOnDevice,
  withReplicas,
} from 'xray-cli/program';
import { NORMAL_PNEUMONIA, type Split } from 'xray-core';
import { writeFileAtomic } from 'xray-core/node';
import { createBatches, createPixelStore, holdOutSource, limitPerClass, splitByPatient } from 'xray-dataset';
import { fileDecoder, indexFolder } from 'xray-dataset/node';
import { evaluatePredictions } from 'xray-metrics';
import { createRobustCnn, NOT_A_MEDICAL_DEVICE } from 'xray-models';
import type { DeviceKind } from 'xray-node-gpu';
import { type PredictOptions, predict, train } from 'xray-train';
import { type AblationRun, formatAblation } from './ablation-table.js';
import { VARIANTS, type Variant } from './ablation-variants.js';

const names = Object.keys(VARIANTS);
const flags = addDeviceFlags(
  newCommand('ablation', 'Trains the robust recipe with one ingredient changed at a time.'),
)
  .requiredOption('--data <folder>', 'images in the Kaggle, the Mendeley or any class-per-folder layout')
  .option(
    '--output <file>',
    'JSON file of the results; runs that are in it already are not repeated',
    'ablation.json',
  )
  .addOption(new Option('--variants <names...>', 'which ones').choices(names).default(names, 'all'))
  .option(
    '--seeds <number>',
    'trainings of each variant, each on a validation side of its own',
    positiveInteger,
    3,
  )
  .option('--epochs <number>', 'epochs to train', positiveInteger, 6)
  .option('--image-size <pixels>', 'height and width, where the variant does not say', positiveInteger, 64)
  .option(
    '--hold-out-source <name>',
    'a folder or the beginning of file names whose images are kept out, and measured at the end',
  )
  .option('--limit <images>', 'at most so many images per class', positiveInteger, 1000)
  .parse()
  .opts<{
    data: string;
    output: string;
    variants: string[];
    seeds: number;
    epochs: number;
    imageSize: number;
    limit: number;
    holdOutSource?: string;
    device?: DeviceKind;
    workers?: number;
  }>();

const RULE = 'youden-under-shifts';
const BATCH_SIZE = RECIPES.robust.training.batchSize;
const classList = NORMAL_PNEUMONIA;

await runOnDevice(flags, 'The same command goes on after the last finished run.', async (context) => {
  const { device, signal, onEvent, say } = context;
  const { samples: all } = await indexFolder(flags.data);
  const untested = all.filter(({ split }) => split !== 'test').map(({ split: _, ...sample }) => sample);
  const { holdOutSource: source } = flags;
  const free = source === undefined ? untested : holdOutSource(untested, source).samples;
  const runs: AblationRun[] = await savedRuns();

  async function runOnce(name: string, variant: Variant, seed: number): Promise<AblationRun> {
    const { imageSize: size = flags.imageSize, epochs = flags.epochs } = variant;
    const samples = limitPerClass(free, { classList, limit: flags.limit, seed });
    const splits = splitByPatient(samples, { classList, validationShare: 0.2, seed });
    const rule = { height: size, width: size };
    const store = await createPixelStore(samples, {
      ...{ decode: fileDecoder({ rule }), rule, channels: 1, concurrency: DECODE_CONCURRENCY, signal },
    });
    const batches = (side: Split) =>
      createBatches({
        ...{ store, samples: splits[side], classList, batchSize: BATCH_SIZE, seed },
        shuffle: side === 'train',
      });
    const model = createRobustCnn({ imageShape: [size, size, 1], seed, ...variant.network });
    const recipe = trainingOptionsOf(changeRecipe(RECIPES.robust, { epochs }), { classList, splits });
    const started = performance.now();
    const options = { device, workers: flags.workers, signal };
    const measured = await withReplicas(model, options, async (replicas) => {
      const how = { forward: fastForward(model, device), replicas, signal };
      await train({
        ...{ model, train: batches('train'), validation: batches('validation'), epochs, seed },
        ...{ ...recipe, ...variant.training, ...how, onProgress: onEvent },
        ...(variant.augmentation === null ? {} : { augmentation: variant.augmentation?.() ?? robust() }),
      });
      const found = await measureUnderShifts(model, batches('validation'), 'validation', RULE, how);
      return {
        ...found,
        heldOut: source === undefined ? undefined : await measureHeldOut(found.threshold, how),
      };

      async function measureHeldOut(threshold: number, options: PredictOptions) {
        const { auroc, sensitivity, specificity } = await evaluatePredictions(
          await predict(model, batches('test'), options),
          { threshold, thresholdRule: RULE },
        );
        return { auroc, sensitivity, specificity };
      }
    });
    model.dispose();
    const seconds = Math.round((performance.now() - started) / 1000);
    const { unchanged, mean, worst, pooledAuroc } = measured.shifts!;
    const { heldOut } = measured;
    return {
      ...{ variant: name, seed, seconds, images: splits.train.length, unchanged, mean, worst, pooledAuroc },
      ...(heldOut && { heldOut }),
    };
  }

  for (let seed = 1; seed <= flags.seeds; seed++) {
    for (const name of flags.variants) {
      if (runs.some((run) => run.variant === name && run.seed === seed)) continue;
      say(`${name}, seed ${seed}`);
      runs.push(await runOnce(name, VARIANTS[name]!, seed));
      await writeFileAtomic(flags.output, `${JSON.stringify({ flags: settings(), runs }, null, 1)}\n`);
    }
  }
  console.log(formatAblation(runs.filter(({ variant }) => flags.variants.includes(variant))));
  say(`${flags.output} holds every run. ${NOT_A_MEDICAL_DEVICE}`);
});

/** What all runs of a file must share. */
function settings() {
  const {
    data: _data,
    output: _output,
    variants: _variants,
    seeds: _seeds,
    workers: _workers,
    ...others
  } = flags;
  return others;
}

async function savedRuns(): Promise<AblationRun[]> {
  const text = await readFile(flags.output, 'utf8').catch(() => undefined);
  if (text === undefined) return [];
  const saved = JSON.parse(text) as { flags: object; runs: AblationRun[] };
  if (JSON.stringify(saved.flags) === JSON.stringify(settings())) return saved.runs;
  throw new Error(
    `${flags.output} holds runs with other flags: ${JSON.stringify(saved.flags)}. Choose another --output.`,
  );
}
