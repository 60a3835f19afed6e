/**
 * Measures a saved model on another folder of labelled images, at the threshold that was chosen when it was trained.
 *
 *   npx -y pnpm@12.21.0 example evaluate-model --model runs/first --data <folder of chest X-rays>
 *
 * Research only, not a medical device.
 */
import { Option } from 'commander';
import { type ClassList, ClassMismatchError, InvalidArgumentError, type Sample, type Split } from 'xray-core';
import { countClasses, createBatches, createPixelStore } from 'xray-dataset';
import { loadSplit } from 'xray-dataset/node';
import {
  evaluatePredictions,
  evaluateShifts,
  formatClassificationReport,
  predictionsToCsv,
} from 'xray-metrics';
import { describeModel, NOT_A_MEDICAL_DEVICE } from 'xray-models';
import type { DeviceKind } from 'xray-node-gpu';
import { createReport } from 'xray-report';
import { predict } from 'xray-train';
import { modelOption, openBundle } from './common/bundle.js';
import { haveSameClasses, parseClassList } from './common/class-list-flag.js';
import { addDatasetOptions, type DatasetFlags } from './common/dataset-flags.js';
import { integer } from './common/flag-values.js';
import {
  badImageOption,
  DECODE_CONCURRENCY,
  deviceOption,
  memoryLimitOption,
  newCommand,
  newRunFolder,
  shiftsOption,
  workersOption,
} from './common/flags.js';
import { noteLines } from './common/image-notes.js';
import { describeSkippedRows, indexData } from './common/index-data.js';
import { predictUnderShifts } from './common/measure-under-shifts.js';
import { describePatients, unknownPatientNotes } from './common/patient-notes.js';
import { evaluationPart, mistakesPart, patientIdsOf, pixelNotes, splitPart } from './common/report-parts.js';
import { commandLine, machineFacts } from './common/run-facts.js';
import { planRun } from './common/run-folder.js';
import { runProgram } from './common/run-program.js';
import { seenImagesNotes } from './common/seen-images.js';
import {
  drawsOption,
  type TestTimeAugmentationFlags,
  testTimeAugmentationOf,
  testTimeAugmentationOption,
} from './common/test-time-augmentation.js';
import { fastForward, withReplicas } from './common/workers.js';

const flags = addDatasetOptions(
  newCommand('evaluate-model', 'Measures a saved model on a folder of labelled images.')
    .addOption(modelOption().makeOptionMandatory())
    .requiredOption(
      '--data <folder>',
      'images in the Kaggle, the Mendeley or any class-per-folder layout, or a MedMNIST file',
    ),
)
  .option(
    '--split <file>',
    'a saved split of these images, such as split.json of the run that trained the model',
  )
  .addOption(
    new Option(
      '--side <side>',
      'only the images on this side of the folder or the split (default: all images; with --split: test)',
    ).choices(['train', 'validation', 'test']),
  )
  .option('--output <folder>', 'folder to create', newRunFolder('evaluate-model'))
  .option('--seed <number>', 'of the intervals and of the draws of --test-time-augmentation', integer, 7)
  .addOption(deviceOption())
  .addOption(workersOption())
  .addOption(memoryLimitOption())
  .addOption(badImageOption())
  .addOption(shiftsOption())
  .addOption(testTimeAugmentationOption())
  .addOption(drawsOption())
  .parse()
  .opts<
    TestTimeAugmentationFlags &
      DatasetFlags & {
        model: readonly string[];
        data: string;
        split?: string;
        side?: Split;
        output: string;
        seed: number;
        device?: DeviceKind;
        workers?: number;
        memoryLimit?: number;
        onBadImage: 'fail' | 'skip';
        shifts: boolean;
      }
  >();

const side = flags.side ?? (flags.split === undefined ? undefined : 'test');

await runProgram(flags, 'Nothing was written.', async ({ device, signal, onProgress, say }) => {
  const testTimeAugmentation = testTimeAugmentationOf(flags, flags.seed);
  const { model, metadata } = await openBundle(flags.model);
  const { input, threshold } = metadata;
  const classList = classListOf(metadata.classList);
  const index = await indexData(flags, classList, onProgress);
  const asked = await chooseSide(index.samples);
  countClasses(asked, classList); // a finding without a class is found before the images are decoded
  const run = await planRun(flags.output, { resume: false });
  say(
    `${describePatients(asked)} in ${flags.data} (${index.layout})${describeSkippedRows(index.skippedRows)}.`,
  );
  const unknown = unknownPatientNotes(asked);
  for (const { text } of [...index.notes, ...unknown]) say(text);
  const store = await createPixelStore(asked, {
    decode: index.decoderFor(input.resize),
    rule: input.resize,
    channels: input.channels,
    bitsStored: flags.bitsStored ?? input.bitsStored,
    onBadImage: flags.onBadImage,
    concurrency: DECODE_CONCURRENCY,
    signal,
    onProgress,
  });
  for (const line of noteLines(pixelNotes(store))) say(line);
  const samples = asked.filter(({ id }) => store.indexOf(id) >= 0);
  const seenNotes = await seenImagesNotes(metadata, store, samples);
  const source = createBatches({ store, samples, classList, batchSize: 16 });
  const pool = { device, memoryLimit: flags.memoryLimit, signal };
  const [predictions, shifted] = await withReplicas(model, pool, async (replicas) => {
    const how = { signal, onProgress, forward: fastForward(model, device), replicas, testTimeAugmentation };
    return [
      await predict(model, source, how),
      flags.shifts ? await predictUnderShifts(model, source, how) : undefined,
    ] as const;
  });
  const patientIds = patientIdsOf(predictions, samples);
  const measured = await evaluatePredictions(predictions, {
    threshold: threshold.value,
    thresholdRule: threshold.rule,
    thresholdFrom: 'bundle',
    ...(patientIds && { patientIds }),
    intervals: { seed: flags.seed },
    signal,
    onProgress,
  });
  const evaluation = shifted
    ? {
        ...measured,
        shifts: evaluateShifts(predictions, shifted, { threshold: threshold.value, split: side ?? 'all' }),
      }
    : measured;

  const name = side ?? 'all images';
  const facts = {
    command: commandLine(),
    workers: device.workers,
    ...machineFacts(device),
    dataSha256: await store.contentHash(),
    patients: evaluation.patientCount ?? 'unknown',
  };
  const { folder } = await run.start({ dataSha256: facts.dataSha256 });
  await folder.writeText('predictions.csv', predictionsToCsv(predictions, { threshold: threshold.value }));
  await folder.writeJson('evaluation.json', evaluation);
  const report = createReport({
    title: `Evaluation of ${metadata.architecture}`,
    summary: `${describePatients(samples)} in ${flags.data} (${index.layout})${describeSkippedRows(index.skippedRows)}. ${metadata.notice}`,
    notes: [...seenNotes, ...index.notes, ...unknown, ...pixelNotes(store)],
    data: { classNames: classList.names, splits: [splitPart(name, samples, classList)] },
    model: describeModel(model),
    evaluations: [evaluationPart(name, predictions, evaluation)],
    mistakes: await mistakesPart(predictions, store, evaluation),
    run: facts,
  });
  await folder.writeText('report.html', report);
  await folder.writeJson('run.json', { status: 'finished', ...facts });
  console.log(formatClassificationReport(evaluation));
  for (const { kind, text } of seenNotes) say(kind === 'warning' ? `WARNING: ${text}` : text);
  say(`Report: ${folder.file('report.html')}\n${NOT_A_MEDICAL_DEVICE}`);
  model.dispose();
});

/** The classes of the model; `--classes` may say which findings they cover in these images. */
function classListOf(ofModel: ClassList): ClassList {
  const given = flags.classes === undefined ? ofModel : parseClassList(flags.classes);
  if (haveSameClasses(given, ofModel)) return given;
  throw new ClassMismatchError({
    what: '--classes',
    expected: ofModel.names,
    received: given.names,
    fix: 'Name the classes of the model, each with its findings in these images.',
  });
}

async function chooseSide(samples: readonly Sample[]): Promise<readonly Sample[]> {
  if (side === undefined) return samples;
  const asked =
    flags.split === undefined
      ? samples.filter(({ split }) => split === side)
      : (await loadSplit(flags.split, samples))[side];
  if (asked.length > 0) return asked;
  throw new InvalidArgumentError({
    argument: '--side',
    expected: `a side that ${flags.split ?? flags.data} has`,
    received: side,
  });
}
