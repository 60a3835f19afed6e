import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type Augmentation, hasVariants } from 'xray-core';
import { DEVICE_KINDS, type DeviceKind } from 'xray-node-gpu';
import { AUGMENTATIONS, type AugmentationName } from './augmentations.js';
import { addDatasetOptions, type DatasetFlags } from './dataset-flags.js';
import { integer, positiveInteger, positiveNumber } from './flag-values.js';
import { addSplitOptions, type SplitFlags } from './split-flags.js';

/** Flags that every training example shares, with the same names and meanings. */
export interface TrainingFlags extends Omit<DatasetFlags, 'data'>, SplitFlags {
  /** Dataset folder or MedMNIST file; synthetic chest X-rays when absent. */
  readonly data: string | undefined;
  readonly output: string;
  readonly epochs: number;
  readonly batchSize: number;
  /** Height and width in pixels. */
  readonly imageSize: number;
  readonly channels: 1 | 3;
  readonly learningRate: number;
  readonly seed: number;
  readonly limit: number | undefined;
  readonly device: DeviceKind | undefined;
  /** Copies of the model that share every batch; as many as suit the device when absent. */
  readonly workers: number | undefined;
  /** Most memory of the device, in MiB. */
  readonly memoryLimit: number | undefined;
  /** Images per forward and backward pass. */
  readonly microBatch: number;
  readonly resume: boolean;
  readonly asPublished: boolean;
  readonly onBadImage: 'fail' | 'skip';
  readonly augmentation: AugmentationName;
  /** Whether the model is measured under acquisition shifts of the validation images. */
  readonly shifts: boolean;
  /** Which weights are kept; as the recipe says when absent. */
  readonly bestEpochBy: BestEpochBy | undefined;
  /** Folder in which decoded pixels are kept for later runs. */
  readonly cache: string | undefined;
}

/** The epoch with the lowest loss on validation images, with the highest AUROC on them under shifts, or the last one. */
export type BestEpochBy = 'validation' | 'shifts' | 'last';

/** Defaults that differ from experiment to experiment. */
export type TrainingDefaults = Pick<
  TrainingFlags,
  'epochs' | 'batchSize' | 'imageSize' | 'channels' | 'learningRate'
>;

/** Defaults that are those of the study in most experiments. */
export type RecipeDefaults = Partial<Pick<TrainingFlags, 'augmentation' | 'microBatch' | 'shifts'>>;

/** What an experiment uses: as in the study on real images, small enough for a demo on synthetic ones. */
export interface ExperimentDefaults {
  readonly name: string;
  readonly summary: string;
  readonly study: TrainingDefaults;
  readonly synthetic: TrainingDefaults;
  /** @default the study's augmentation, 8 images per pass, no shifts */
  readonly recipe?: RecipeDefaults;
  /** Whether it trains on stored features, of which there can be one for each variant of an image only. @default false */
  readonly onFeatures?: boolean;
  /** Flags that only this experiment has. @default none */
  readonly options?: readonly Option[];
}

/**
 * Reads the command line of a training example; prints the help or the problem and exits where needed.
 *
 * @param args - Without node and script name. @default those of the process
 */
export function parseTrainingFlags<Own extends object = object>(
  experiment: ExperimentDefaults,
  args: readonly string[] = process.argv.slice(2),
): TrainingFlags & Partial<Own> {
  const { name, summary, study, synthetic, onFeatures = false, options = [] } = experiment;
  const { augmentation = 'reference-study', microBatch = 8, shifts = false } = experiment.recipe ?? {};
  const text = (flag: keyof TrainingDefaults) =>
    `(default: ${study[flag]}; synthetic images: ${synthetic[flag]})`;
  const command = newCommand(name, summary)
    .option(
      '--data <folder>',
      'images in the Kaggle, the Mendeley or any class-per-folder layout, or a MedMNIST file (default: synthetic)',
    )
    .option('--output <folder>', 'run folder to create (default: runs/<name>-<time>)')
    .option('--epochs <number>', `most epochs to train ${text('epochs')}`, positiveInteger)
    .option('--batch-size <number>', `images per step ${text('batchSize')}`, positiveInteger)
    .option(
      '--micro-batch <images>',
      'images per forward and backward pass, of which a step takes several: bounds the memory',
      positiveInteger,
      microBatch,
    )
    .option('--image-size <pixels>', `height and width ${text('imageSize')}`, positiveInteger)
    .addOption(channelsOption(text('channels')))
    .option('--learning-rate <rate>', `before decay ${text('learningRate')}`, positiveNumber)
    .option('--seed <number>', 'drives everything random', integer, 7)
    .option(
      '--limit <images>',
      'at most so many images per class, whole patients, drawn before splitting',
      positiveInteger,
    )
    .addOption(deviceOption())
    .addOption(workersOption())
    .addOption(memoryLimitOption())
    .option('--resume', 'go on after the last finished epoch of the run in --output', false)
    .option('--as-published', "repeat the study's mistakes: random split, last weights, threshold 0.5", false)
    .addOption(badImageOption())
    .addOption(augmentationOption(onFeatures, augmentation))
    .addOption(shiftsOption(shifts))
    .addOption(
      new Option(
        '--best-epoch-by <what>',
        'which weights are kept: of the epoch with the lowest loss on validation images, with the highest AUROC on them under medium acquisition shifts, or of the last one (default: as the recipe says)',
      ).choices(['validation', 'shifts', 'last'] satisfies BestEpochBy[]),
    )
    .option('--cache <folder>', 'keep decoded pixels there; later runs on the same images start at once');
  addSplitOptions(addDatasetOptions(command));
  for (const option of options) command.addOption(option);
  command.parse(args, { from: 'user' });
  const given = command.opts<Partial<TrainingFlags>>();
  const ofFiles = command.options.find(
    (option) =>
      ABOUT_FILES.has(option.attributeName()) &&
      command.getOptionValueSource(option.attributeName()) === 'cli',
  );
  if (given.data === undefined && ofFiles)
    command.error(`error: ${ofFiles.long} needs --data <folder>: synthetic images have no such thing`);
  if (given.resume && given.output === undefined)
    command.error('error: --resume needs --output <folder of the run>');
  const defaults = given.data === undefined ? synthetic : study;
  return {
    ...defaults,
    data: undefined,
    limit: undefined,
    cache: undefined,
    device: undefined,
    workers: undefined,
    memoryLimit: undefined,
    bestEpochBy: undefined,
    output: newRunFolder(name),
    ...given,
  } as TrainingFlags & Partial<Own>;
}

/** Flags that mean something for images in files only. */
const ABOUT_FILES: ReadonlySet<string> = new Set<keyof TrainingFlags>([
  ...(['mapping', 'manifest', 'uncertain', 'findings', 'views', 'classes', 'patientFrom'] as const),
  ...(['testList', 'validationList', 'ownSides', 'holdOutSource'] as const),
]);

/** A command with the project's manners. */
export function newCommand(name: string, summary: string): Command {
  return new Command(name)
    .description(`${summary}\nResearch only, not a medical device.`)
    .usage('[options]')
    .allowExcessArguments(false)
    .showHelpAfterError('(--help lists the flags)');
}

export const deviceOption = () =>
  new Option('--device <kind>', 'the only device to use (default: the fastest that works)').choices([
    ...DEVICE_KINDS,
  ]);

export const workersOption = () =>
  new Option(
    '--workers <number>',
    'copies of the model that share the work: threads on wasm and cpu, processes on node and node-gpu (default: physical cores, 1, GPUs)',
  ).argParser(positiveInteger);

export const memoryLimitOption = () =>
  new Option(
    '--memory-limit <MiB>',
    'most memory that tensors may take on the device, in each worker (default: all there is)',
  ).argParser(positiveInteger);

export const badImageOption = () =>
  new Option('--on-bad-image <what>', 'what to do about images that cannot be read')
    .choices(['fail', 'skip'])
    .default('fail');

function augmentationOption(onFeatures: boolean, byDefault: AugmentationName): Option {
  const names = Object.entries(AUGMENTATIONS).flatMap(([name, create]) => {
    const augmentation: Augmentation | undefined = create();
    return onFeatures && augmentation && !hasVariants(augmentation) ? [] : [name];
  });
  return new Option('--augmentation <name>', 'what changes the images in training')
    .choices(names)
    .default(byDefault);
}

export const shiftsOption = (byDefault = false) =>
  new Option(
    '--shifts',
    'also measure the model on images changed as those from elsewhere differ: brightness, sharpness, proportions and more',
  ).default(byDefault);

const channelsOption = (text: string) =>
  new Option('--channels <number>', `channels of the first convolution; gray images are repeated ${text}`)
    .choices(['1', '3'])
    .argParser((value) => {
      if (value !== '1' && value !== '3') throw new InvalidArgumentError('It must be 1 or 3.');
      return Number(value);
    });

/** Decoding is I/O and native threads: so many at a time that no core waits for a file. */
export const DECODE_CONCURRENCY = availableParallelism() * 4;

/** `runs/<name>-2026-01-31-235959`, new every second. */
export function newRunFolder(name: string): string {
  const time = new Date().toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '');
  return `runs/${name}-${time}`;
}
