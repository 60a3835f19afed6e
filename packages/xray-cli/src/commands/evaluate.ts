import { type Command, Option } from 'commander';
import type { Split } from 'xray-core';
import { formatClassificationReport } from 'xray-metrics';
import { NOT_A_MEDICAL_DEVICE } from 'xray-models';
import { parseClassList } from '../data/parse-class-list.js';
import { evaluateBundle } from '../evaluation/evaluate-bundle.js';
import { commandLine } from '../terminal/command-line.js';
import { addDatasetFlags, type DatasetFlags } from '../terminal/dataset-flags.js';
import { integer } from '../terminal/flag-values.js';
import {
  addDeviceFlags,
  badImageFlag,
  modelFlag,
  newCommand,
  newRunFolder,
  SHIFTS_HELP,
} from '../terminal/new-command.js';
import { type DeviceFlags, type OutputFlags, runOnDevice } from '../terminal/run-task.js';
import {
  addTestTimeAugmentationFlags,
  type TestTimeAugmentationFlags,
  testTimeAugmentationOf,
} from '../terminal/test-time-augmentation-flags.js';

interface EvaluateFlags extends TestTimeAugmentationFlags, DatasetFlags, DeviceFlags, OutputFlags {
  readonly model: readonly string[];
  readonly data: string;
  readonly split?: string | undefined;
  readonly on?: Split | undefined;
  readonly output?: string | undefined;
  readonly seed: number;
  readonly onBadImage: 'fail' | 'skip';
  readonly shifts: boolean;
}

/** `xray evaluate`. */
export function evaluateCommand(): Command {
  const command = newCommand('evaluate', 'Measures a saved model on a folder of labelled images.')
    .addOption(
      modelFlag('run folder, or the model folder in it (default: the trained model of xray-model-pneumonia)'),
    )
    .requiredOption(
      '--data <folder>',
      'images in the Kaggle, the Mendeley or any class-per-folder layout, or a MedMNIST file',
    )
    .option(
      '--split <file>',
      'a saved split of these images, such as split.json of the run that trained the model',
    )
    .addOption(
      new Option(
        '--on <split>',
        'only the images in this split of the data (default: all images; with --split: test)',
      ).choices(['train', 'validation', 'test']),
    )
    .option('--output <folder>', 'folder to create (default: runs/evaluate-<time>)')
    .option('--seed <number>', 'of the intervals and of the draws of --test-time-augmentation', integer, 7)
    .addOption(badImageFlag())
    .option('--shifts', SHIFTS_HELP, false);
  return addTestTimeAugmentationFlags(addDeviceFlags(addDatasetFlags(command)))
    .addHelpText(
      'after',
      `
Examples:
  xray evaluate --data ./other-hospital
  xray evaluate --model runs/first --data ./chest_xray --split runs/first/split.json --shifts
  xray evaluate --model runs/first --model runs/second --data ./chest_xray --on test`,
    )
    .action((_options, self: Command) => evaluate(self.optsWithGlobals<EvaluateFlags>()));
}

async function evaluate(flags: EvaluateFlags): Promise<void> {
  await runOnDevice(flags, 'Nothing was written.', async ({ device, signal, onEvent, say, finish }) => {
    const { folder, evaluation, seenNotes } = await evaluateBundle({
      device,
      models: flags.model,
      data: flags.data,
      output: flags.output ?? newRunFolder('evaluate'),
      split: flags.split,
      on: flags.on,
      classList: flags.classes === undefined ? undefined : parseClassList(flags.classes),
      seed: flags.seed,
      shifts: flags.shifts,
      testTimeAugmentation: testTimeAugmentationOf(flags, flags.seed),
      memoryLimit: flags.memoryLimit,
      onBadImage: flags.onBadImage,
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
      command: commandLine(),
      signal,
      onEvent,
    });
    const { auroc, sensitivity, specificity, threshold } = evaluation;
    finish(formatClassificationReport(evaluation), { folder, auroc, sensitivity, specificity, threshold });
    for (const { kind, text } of seenNotes) say(kind === 'warning' ? `WARNING: ${text}` : text);
    say(`Report: ${folder}/report.html\n${NOT_A_MEDICAL_DEVICE}`);
  });
}
