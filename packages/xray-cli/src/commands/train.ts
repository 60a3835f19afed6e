import { type Command, Option } from 'commander';
import { InvalidArgumentError } from 'xray-core';
import { formatClassificationReport } from 'xray-metrics';
import { NOT_A_MEDICAL_DEVICE } from 'xray-models';
import { parseClassList } from '../data/parse-class-list.js';
import type { SplitOptions } from '../data/split-options.js';
import { planExperiment } from '../experiment/plan-experiment.js';
import { type ExperimentResult, runExperiment } from '../experiment/run-experiment.js';
import { AUGMENTATION_NAMES } from '../recipes/augmentations.js';
import { RECIPES } from '../recipes/built-in-recipes.js';
import { changeRecipe, forSyntheticImages, type RecipeChanges } from '../recipes/change-recipe.js';
import { checkRecipe, isRecipeName, readRecipe } from '../recipes/read-recipe.js';
import type { Recipe } from '../recipes/recipe.js';
import { commandLine } from '../terminal/command-line.js';
import { addDatasetFlags, type DatasetFlags } from '../terminal/dataset-flags.js';
import { channels, duration, integer, positiveInteger, positiveNumber } from '../terminal/flag-values.js';
import {
  addDeviceFlags,
  badImageFlag,
  newCommand,
  newRunFolder,
  SHIFTS_HELP,
} from '../terminal/new-command.js';
import { type DeviceFlags, type OutputFlags, runOnDevice, type TaskContext } from '../terminal/run-task.js';
import { addSplitFlags } from '../terminal/split-flags.js';
import { formatPlan } from './format-plan.js';

interface TrainFlags
  extends DatasetFlags,
    SplitOptions,
    DeviceFlags,
    OutputFlags,
    Omit<RecipeChanges, 'classList' | 'thresholdRule'> {
  readonly recipe: string;
  readonly output?: string | undefined;
  readonly threshold?: Recipe['thresholdRule'] | undefined;
  readonly seed: number;
  readonly limit?: number | undefined;
  readonly resume: boolean;
  readonly asPublished: boolean;
  readonly onBadImage: 'fail' | 'skip';
  readonly cache?: string | undefined;
  readonly stopAfter?: number | undefined;
  readonly dryRun: boolean;
  readonly weights?: string | undefined;
  readonly fineTuneFrom?: string | undefined;
  readonly fineTuneEpochs: number;
  readonly fineTuneLearningRate: number;
  readonly base?: string | undefined;
}

/** Flags of one kind of network. */
const NETWORK_OF = { weights: 'inception-v3', fineTuneFrom: 'inception-v3', base: 'cnn-on-cnn' } as const;
const FLAG_NAMES = { weights: '--weights', fineTuneFrom: '--fine-tune-from', base: '--base' } as const;

/** `xray train`. */
export function trainCommand(): Command {
  const command = newCommand('train', 'Trains and evaluates a network on a folder of chest X-rays.')
    .option('--recipe <name>', `${Object.keys(RECIPES).join(', ')}, or a JSON file`, 'robust')
    .option(
      '--data <folder>',
      'images in the Kaggle, the Mendeley or any class-per-folder layout, or a MedMNIST file (default: synthetic ones, and a small network)',
    )
    .option('--output <folder>', 'run folder to create (default: runs/<recipe>-<time>)')
    .option('--seed <number>', 'drives everything random', integer, 7)
    .option(
      '--limit <images>',
      'at most so many images per class, whole patients, drawn before splitting',
      positiveInteger,
    )
    .option('--resume', 'go on after the last finished epoch of the run in --output', false)
    .option('--stop-after <time>', 'end with the epoch that runs then, as in 20m or 1h30m', duration)
    .option('--dry-run', 'only say what would be done, and about how long it would take', false)
    .option('--as-published', "repeat the study's mistakes: random split, last weights, threshold 0.5", false)
    .addOption(badImageFlag())
    .option('--cache <folder>', 'keep decoded pixels there; later runs on the same images start at once');
  addRecipeFlags(command);
  addDeviceFlags(command);
  addSplitFlags(addDatasetFlags(command));
  return command
    .addHelpText(
      'after',
      `
Examples:
  xray train                                   a demo on synthetic images
  xray train --data ./chest_xray --dry-run     what would be done, and how long it would take
  xray train --data ./chest_xray               the recipe to start with
  xray train --data ./chest_xray --recipe cnn-3-classes --epochs 10 --seed 1
  xray train --data ./chest_xray --recipe my-recipe.json
  xray resume runs/robust-...                  go on with an interrupted run
  xray finish runs/robust-...                  evaluate it as it is`,
    )
    .action((_options, self: Command) => train(self, self.optsWithGlobals<TrainFlags>()));
}

/** Flags that change values of the recipe. */
function addRecipeFlags(command: Command): void {
  const byDefault = '(default: as the recipe says)';
  command
    .option('--epochs <number>', `most epochs to train ${byDefault}`, positiveInteger)
    .option('--batch-size <number>', `images per step ${byDefault}`, positiveInteger)
    .option(
      '--micro-batch <images>',
      `images per forward and backward pass, of which a step takes several: bounds the memory ${byDefault}`,
      positiveInteger,
    )
    .option('--image-size <pixels>', `height and width ${byDefault}`, positiveInteger)
    .option(
      '--channels <number>',
      `channels of the first convolution, 1 or 3; gray images are repeated ${byDefault}`,
      channels,
    )
    .option('--learning-rate <rate>', `before decay, or at the top of a cycle ${byDefault}`, positiveNumber)
    .addOption(
      new Option('--augmentation <name>', `what changes the images in training ${byDefault}`).choices(
        AUGMENTATION_NAMES,
      ),
    )
    .option('--shifts', SHIFTS_HELP)
    .option('--no-shifts', 'do not')
    .addOption(
      new Option(
        '--best-epoch-by <what>',
        `which weights are kept: of the epoch with the lowest loss on validation images, with the highest AUROC on them under medium acquisition shifts, or of the last one ${byDefault}`,
      ).choices(['validation', 'shifts', 'last'] satisfies Recipe['training']['bestEpochBy'][]),
    )
    .addOption(
      new Option(
        '--calibration <method>',
        `what is built into the last layer so that probabilities mean what they say, fitted on validation ${byDefault}`,
      ).choices(['none', 'temperature'] satisfies Recipe['calibration'][]),
    )
    .option(
      '--threshold <rule>',
      `how the threshold is chosen on validation: half, youden, youden-under-shifts, sensitivity>=0.95, specificity>=0.9, costs=5:1@0.1 ${byDefault}`,
    )
    .option(
      '--weights <file>',
      'with inception-v3: imagenet, or path or URL of an InceptionV3 in a file of Keras (.h5, .keras, .weights.h5) or in a folder of TensorFlow.js (default: random weights)',
    )
    .option(
      '--fine-tune-from <layer>',
      'with inception-v3: train what lies behind this layer afterwards, such as mixed8',
    )
    .option('--fine-tune-epochs <number>', 'most epochs of fine-tuning', positiveInteger, 5)
    .option('--fine-tune-learning-rate <rate>', 'learning rate of fine-tuning', positiveNumber, 1e-5)
    .option(
      '--base <folder>',
      'with cnn-transfer: run folder of cnn-3-classes, or the model folder in it (default: trained first)',
    );
}

async function train(command: Command, flags: TrainFlags): Promise<void> {
  if (flags.resume && flags.output === undefined)
    command.error('error: --resume needs --output <folder of the run>');
  const output = flags.output ?? newRunFolder(isRecipeName(flags.recipe) ? flags.recipe : 'train');
  await runOnDevice(flags, `Go on with: xray resume ${output}`, async (context) => {
    const { device, signal, onEvent } = context;
    const options = {
      ...dataOptionsOf(flags),
      device,
      recipe: await recipeOf(flags),
      classList: flags.classes === undefined ? undefined : parseClassList(flags.classes),
      signal,
      onEvent,
    };
    if (flags.dryRun) {
      const plan = await planExperiment(options);
      context.finish(formatPlan(plan, device), plan);
      return;
    }
    const result = await runExperiment({
      ...options,
      output,
      stopAfterSeconds: flags.stopAfter,
      command: commandLine(),
    });
    showResult(context, result);
    if (flags.data === undefined) {
      context.say(
        `These were synthetic images. With your own: xray train --recipe ${flags.recipe} --data <folder>\n` +
          '(a folder per class, such as NORMAL and PNEUMONIA, or train, val and test folders with these inside)',
      );
    }
  });
}

/** Tells how a run ended. */
export function showResult({ finish, say }: TaskContext, { folder, evaluation }: ExperimentResult): void {
  const { auroc, sensitivity, specificity, threshold } = evaluation;
  finish(formatClassificationReport(evaluation), { folder, auroc, sensitivity, specificity, threshold });
  say(`\nTook ${Math.round(process.uptime())} s. ${NOT_A_MEDICAL_DEVICE}`);
  say(`Report: ${folder}/report.html`);
}

/** The recipe with what the flags change. */
async function recipeOf(flags: TrainFlags): Promise<Recipe> {
  const named = await readRecipe(flags.recipe);
  const isSmall = flags.data === undefined && isRecipeName(flags.recipe);
  const changed = changeRecipe(isSmall ? forSyntheticImages(named) : named, {
    ...flags,
    classList: undefined,
    thresholdRule: flags.threshold,
  });
  return checkRecipe({ ...changed, network: networkOf(changed, flags) });
}

function networkOf({ name, network }: Recipe, flags: TrainFlags): Recipe['network'] {
  const misplaced = (['weights', 'fineTuneFrom', 'base'] as const).find(
    (flag) => flags[flag] !== undefined && network.kind !== NETWORK_OF[flag],
  );
  if (misplaced !== undefined) {
    const [flag, kind] = [FLAG_NAMES[misplaced], NETWORK_OF[misplaced]];
    const expected = `left out with recipe ${name}, whose network is ${network.kind} and not ${kind}`;
    throw new InvalidArgumentError({ argument: flag, expected, received: flags[misplaced] });
  }
  switch (network.kind) {
    case 'inception-v3': {
      const { fineTuneFrom: from, fineTuneEpochs: epochs, fineTuneLearningRate: learningRate } = flags;
      return {
        ...network,
        weights: flags.weights ?? network.weights,
        fineTune: from === undefined ? network.fineTune : { from, epochs, learningRate },
      };
    }
    case 'cnn-on-cnn':
      return { ...network, base: flags.base ?? network.base };
    default:
      return network;
  }
}

/** What the flags say about data and split. */
function dataOptionsOf(flags: TrainFlags) {
  return {
    data: flags.data,
    seed: flags.seed,
    limit: flags.limit,
    memoryLimit: flags.memoryLimit,
    resume: flags.resume,
    asPublished: flags.asPublished,
    onBadImage: flags.onBadImage,
    cache: flags.cache,
    mapping: flags.mapping,
    manifest: flags.manifest,
    uncertain: flags.uncertain,
    readers: flags.readers,
    findings: flags.findings,
    views: flags.views,
    patientFrom: flags.patientFrom,
    onUnknownFinding: flags.onUnknownFinding,
    onMissingFile: flags.onMissingFile,
    frame: flags.frame,
    maxPixels: flags.maxPixels,
    bitsStored: flags.bitsStored,
    split: flags.split,
    testList: flags.testList,
    validationList: flags.validationList,
    ownSides: flags.ownSides,
    validationShare: flags.validationShare,
    testShare: flags.testShare,
    fold: flags.fold,
    holdOutSource: flags.holdOutSource,
    onSharedPatients: flags.onSharedPatients,
  };
}
