/**
 * Measures a saved model on another folder of labelled images, at the threshold that was chosen when it was trained.
 *
 *   npx -y pnpm@12.21.0 example evaluate-model --model runs/first --data <folder of chest X-rays>
 *
 * Research only, not a medical device.
 */
import { Option } from 'commander';
import { InvalidArgumentError, type Split } from 'xray-core';
import { countClasses, createBatches, createPixelStore } from 'xray-dataset';
import { fileDecoder, indexFolder } from 'xray-dataset/node';
import { evaluatePredictions, formatClassificationReport } from 'xray-metrics';
import { describeModel, NOT_A_MEDICAL_DEVICE } from 'xray-models';
import type { DeviceKind } from 'xray-node-gpu';
import { createReport } from 'xray-report';
import { predict } from 'xray-train';
import { openBundle } from './common/bundle.js';
import {
  badImageOption,
  DECODE_CONCURRENCY,
  deviceOption,
  integer,
  newCommand,
  newRunFolder,
  workersOption,
} from './common/flags.js';
import {
  evaluationPart,
  mistakesPart,
  patientIdsOf,
  skippedNotes,
  splitPart,
} from './common/report-parts.js';
import { commandLine, machineFacts } from './common/run-facts.js';
import { planRun, predictionsCsv } from './common/run-folder.js';
import { runProgram } from './common/run-program.js';
import { withReplicas, workersOn } from './common/workers.js';

const flags = newCommand('evaluate-model', 'Measures a saved model on a folder of labelled images.')
  .requiredOption('--model <folder>', 'run folder, or the model folder in it')
  .requiredOption('--data <folder>', 'images in the Kaggle, the Mendeley or any class-per-folder layout')
  .addOption(
    new Option('--split <side>', 'only this side of the folder (default: all images)').choices([
      'train',
      'validation',
      'test',
    ]),
  )
  .option('--output <folder>', 'folder to create', newRunFolder('evaluate-model'))
  .option('--seed <number>', 'of the intervals', integer, 7)
  .addOption(deviceOption())
  .addOption(workersOption())
  .addOption(badImageOption())
  .parse()
  .opts<{
    model: string;
    data: string;
    split?: Split;
    output: string;
    seed: number;
    device?: DeviceKind;
    workers: number;
    onBadImage: 'fail' | 'skip';
  }>();

await runProgram(flags, 'Nothing was written.', async ({ device, signal, onProgress, say }) => {
  const { model, metadata } = await openBundle(flags.model);
  const { classList, input, threshold } = metadata;
  const index = await indexFolder(flags.data);
  const asked = index.samples.filter(({ split }) => flags.split === undefined || split === flags.split);
  if (asked.length === 0) {
    throw new InvalidArgumentError({
      argument: '--split',
      expected: `a side that ${flags.data} has`,
      received: flags.split,
    });
  }
  countClasses(asked, classList); // a finding without a class is found before the images are decoded
  const run = await planRun(flags.output, { resume: false });
  const store = await createPixelStore(asked, {
    decode: fileDecoder({ rule: input.resize }),
    rule: input.resize,
    channels: input.channels,
    onBadImage: flags.onBadImage,
    concurrency: DECODE_CONCURRENCY,
    signal,
    onProgress,
  });
  const samples = asked.filter(({ id }) => store.indexOf(id) >= 0);
  const source = createBatches({ store, samples, classList, batchSize: 16 });
  const pool = { device, workers: flags.workers, signal };
  const predictions = await withReplicas(model, pool, (replicas) =>
    predict(model, source, { signal, onProgress, replicas }),
  );
  const evaluation = evaluatePredictions(predictions, {
    threshold: threshold.value,
    thresholdRule: threshold.rule,
    thresholdFrom: 'bundle',
    patientIds: patientIdsOf(predictions, samples),
    intervals: { seed: flags.seed },
  });

  const name = flags.split ?? 'all images';
  const facts = {
    command: commandLine(),
    workers: workersOn(device, flags.workers),
    ...machineFacts(device),
    dataSha256: await store.contentHash(),
  };
  const { folder } = await run.start({ dataSha256: facts.dataSha256 });
  await folder.writeText('predictions.csv', predictionsCsv(predictions));
  await folder.writeJson('evaluation.json', evaluation);
  const report = createReport({
    title: `Evaluation of ${metadata.architecture}`,
    summary: `${samples.length} images of ${flags.data}. ${metadata.notice}`,
    notes: skippedNotes(store),
    data: { classNames: classList.names, splits: [splitPart(name, samples, classList)] },
    model: describeModel(model),
    evaluations: [evaluationPart(name, predictions, evaluation)],
    mistakes: await mistakesPart(predictions, store),
    run: facts,
  });
  await folder.writeText('report.html', report);
  await folder.writeJson('run.json', { status: 'finished', ...facts });
  console.log(formatClassificationReport(evaluation));
  say(`Report: ${folder.file('report.html')}\n${NOT_A_MEDICAL_DEVICE}`);
  model.dispose();
});
