/**
 * Experiment 1 of the reference study: a small CNN tells pneumonia from normal.
 *
 *   npx -y pnpm@12.21.0 example cnn-2-classes --data <folder of chest X-rays>
 *
 * Without --data it trains on synthetic images. Research only, not a medical device.
 */
import { horizontalFlip } from 'xray-augment';
import { NORMAL_PNEUMONIA as classList, type Predictions, type Sample } from 'xray-core';
import { createBatches, createPixelStore } from 'xray-dataset';
import { chooseThreshold, evaluatePredictions } from 'xray-metrics';
import { createCnn } from 'xray-models';
import { legacyKerasDecay, predict, train } from 'xray-train';
import { fileCheckpoints } from 'xray-train/node';
import { finishTraining } from './common/finish-training.js';
import { DECODE_CONCURRENCY, parseTrainingFlags } from './common/flags.js';
import { loadDataset, splitDataset, withoutSkipped } from './common/load-dataset.js';
import { patientIdsOf } from './common/report-parts.js';
import { flagSettings, planRun } from './common/run-folder.js';
import { runProgram } from './common/run-program.js';

const flags = parseTrainingFlags({
  name: 'cnn-2-classes',
  summary: 'Trains and evaluates the small CNN of the reference study: normal or pneumonia.',
  study: { epochs: 30, batchSize: 32, imageSize: 224, channels: 3, learningRate: 1e-4 },
  synthetic: { epochs: 10, batchSize: 16, imageSize: 64, channels: 1, learningRate: 1e-3 },
});
const { seed, batchSize, asPublished, onBadImage } = flags;

const afterAbort = `Go on with the same command and: --output ${flags.output} --resume`;
await runProgram(flags, afterAbort, async (context) => {
  const { device, signal, onProgress } = context;
  const run = await planRun(flags.output, { resume: flags.resume });
  const dataset = await loadDataset(flags, classList);
  const { splits: planned, isTestCarved } = splitDataset(dataset.samples, { classList, seed, asPublished });
  const store = await createPixelStore(dataset.samples, {
    decode: dataset.decode,
    rule: { height: flags.imageSize, width: flags.imageSize },
    channels: flags.channels === 1 ? 1 : 'auto',
    onBadImage,
    concurrency: DECODE_CONCURRENCY,
    signal,
    onProgress,
  });
  const splits = withoutSkipped(planned, store);
  const dataSha256 = await store.contentHash();
  const settings = { ...flagSettings(flags), device: device.kind, dataSha256 };
  const { folder, started } = await run.start(settings);

  const batches = (samples: readonly Sample[], shuffle = false) =>
    createBatches({ store, samples, classList, batchSize, shuffle, seed });

  const model = createCnn({
    classes: classList.names.length,
    imageShape: [store.height, store.width, store.channels],
    channels: flags.channels,
    seed,
  });
  const result = await train({
    model,
    train: batches(splits.train, true),
    validation: batches(splits.validation),
    epochs: flags.epochs,
    learningRate: legacyKerasDecay(flags.learningRate, 1e-5),
    augmentation: horizontalFlip(),
    microBatchSize: 8,
    earlyStopping: { monitor: 'val_loss', mode: 'min', patience: 3 },
    keepWeights: asPublished ? 'last' : 'best',
    checkpoints: fileCheckpoints(folder.file('checkpoints')),
    resume: flags.resume,
    seed,
    signal,
    onProgress,
  });

  // Every choice is made on validation; the test side is touched once, here, in the end.
  const thresholdRule = asPublished ? 'half' : 'youden';
  const onValidation = await predict(model, batches(splits.validation), { signal });
  const threshold = chooseThreshold(onValidation, thresholdRule);
  const onTest = await predict(model, batches(splits.test), { signal, onProgress });
  const measure = (predictions: Predictions, samples: readonly Sample[]) => {
    const patientIds = patientIdsOf(predictions, samples);
    const options = { threshold, thresholdRule, patientIds, intervals: { seed } } as const;
    return { predictions, evaluation: evaluatePredictions(predictions, options) };
  };
  await finishTraining(context, folder, {
    title: 'Small CNN, normal or pneumonia',
    architecture: 'cnn',
    flags,
    classList,
    dataset,
    splits,
    isTestCarved,
    store,
    model,
    result,
    validation: measure(onValidation, splits.validation),
    test: measure(onTest, splits.test),
    settings,
    started,
  });
  model.dispose();
});
