import { type Command, Option } from 'commander';
import { InvalidArgumentError, type Split, type ThresholdRule } from 'xray-core';
import { formatClassificationReport } from 'xray-metrics';
import { NOT_A_MEDICAL_DEVICE } from 'xray-models';
import { parseClassList } from '../data/parse-class-list.js';
import { evaluateBundle } from '../evaluation/evaluate-bundle.js';
import { evaluatePredictionsFile } from '../evaluation/evaluate-predictions-file.js';
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
import { type DeviceFlags, type OutputFlags, runOnDevice, runTask } from '../terminal/run-task.js';
import {
  addTestTimeAugmentationFlags,
  type TestTimeAugmentationFlags,
  testTimeAugmentationOf,
} from '../terminal/test-time-augmentation-flags.js';

interface EvaluateFlags extends TestTimeAugmentationFlags, DatasetFlags, DeviceFlags, OutputFlags {
  readonly model: readonly string[];
  readonly data?: string;
  readonly predictions?: string;
  readonly validationPredictions?: string;
  readonly threshold?: ThresholdRule;
  readonly columns?: string;
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
    .option(
      '--data <folder>',
      'images in the Kaggle, the Mendeley or any class-per-folder layout, or a MedMNIST file',
    )
    .addOption(
      new Option(
        '--predictions <file>',
        'measure predictions that any program made instead: CSV with id, label and p_<class> (and patient where it is known), or JSON as of xray-metrics',
      ).conflicts(['data', 'model', 'split', 'on', 'shifts', 'testTimeAugmentation']),
    )
    .option(
      '--validation-predictions <file>',
      'with --predictions: the same of validation images, on which the threshold is chosen (default: the threshold is 0.5)',
    )
    .option('--threshold <rule>', 'with --validation-predictions: how it is chosen (default: youden)')
    .option(
      '--columns <names>',
      'with --predictions: names of columns where they are others, as in id=image,label=truth,patient=subject,probabilities=score (the last one that of the positive class)',
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
  xray evaluate --model runs/first --model runs/second --data ./chest_xray --on test
  xray evaluate --predictions other-model.csv --validation-predictions other-model-validation.csv`,
    )
    .action((_options, self: Command) => {
      const flags = self.optsWithGlobals<EvaluateFlags>();
      if (flags.predictions !== undefined) return evaluateFile(flags.predictions, flags);
      if (flags.data !== undefined) return evaluate(flags.data, flags);
      return self.error('error: --data <folder> or --predictions <file> is needed');
    });
}

async function evaluateFile(predictions: string, flags: EvaluateFlags): Promise<void> {
  await runTask(flags, 'Nothing was written.', async ({ signal, onEvent, say, finish }) => {
    const { folder, evaluation } = await evaluatePredictionsFile({
      predictions,
      output: flags.output ?? newRunFolder('evaluate'),
      validation: flags.validationPredictions,
      thresholdRule: flags.threshold,
      columns: flags.columns === undefined ? undefined : columnsOf(flags.columns),
      seed: flags.seed,
      command: commandLine(),
      signal,
      onEvent,
    });
    const { auroc, sensitivity, specificity, threshold } = evaluation;
    finish(formatClassificationReport(evaluation), { folder, auroc, sensitivity, specificity, threshold });
    say(`Report: ${folder}/report.html\n${NOT_A_MEDICAL_DEVICE}`);
  });
}

/** `id=image,label=truth` as an object. */
function columnsOf(text: string): Readonly<Record<string, string>> {
  const pairs = text.split(',').map((pair) => pair.split('=').map((part) => part.trim()));
  const known = ['id', 'label', 'patient', 'probabilities'];
  if (pairs.every(([key = '', value, ...more]) => known.includes(key) && value && more.length === 0))
    return Object.fromEntries(pairs);
  const expected = `pairs as in id=image,label=truth, of ${known.join(', ')}`;
  throw new InvalidArgumentError({ argument: '--columns', expected, received: text });
}

async function evaluate(data: string, flags: EvaluateFlags): Promise<void> {
  await runOnDevice(flags, 'Nothing was written.', async ({ device, signal, onEvent, say, finish }) => {
    const { folder, evaluation, seenNotes } = await evaluateBundle({
      device,
      models: flags.model,
      data,
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
