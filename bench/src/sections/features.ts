import type { LayersModel } from '@tensorflow/tfjs-layers';
import { horizontalFlip } from 'xray-augment';
import { NORMAL_BACTERIAL_VIRAL } from 'xray-core';
import { createBatches, createPixelStore, createSyntheticDataset } from 'xray-dataset';
import { createInceptionV3, createTransferModel, STUDY_HEADS, splitModel } from 'xray-models';
import {
  extractFeatures,
  featureSource,
  legacyKerasDecay,
  memoryFeatures,
  type TrainOptions,
  type TrainResult,
  train,
} from 'xray-train';
import { fuse } from 'xray-wasm';
import { type BenchContext, type BenchRow, type Entry, timeEntries } from './section.js';

/** As in the study. */
const EPOCHS = 10;
const BATCH = 64;
/** A quarter of the training images, as in the study. */
const VALIDATION_IMAGES = 16;
const SEED = 7;

type Training = Omit<TrainOptions, 'model'>;

/**
 * Experiment 3 of the study on a single batch, one thread: ten epochs of its head on a frozen InceptionV3, with the
 * base run in every epoch and with its features computed once. The losses of both are noted: they are the same up to
 * rounding.
 */
export async function benchFeatures(context: BenchContext): Promise<BenchRow[]> {
  const training = await studyTraining(context);
  const plain = await compare('', training, context);
  // Two variants of every image: a factor of its own.
  const flipped = await compare(', flips', { ...training, augmentation: horizontalFlip() }, context);
  return [...plain, ...flipped];
}

async function compare(title: string, training: Training, context: BenchContext): Promise<BenchRow[]> {
  const losses: number[] = [];
  const ways = { 'base in every epoch': trainBehindBase, 'features once': trainOnFeatures };
  const entries = Object.entries(ways).map(([on, way]): Entry => {
    let model: LayersModel;
    return {
      work: `${EPOCHS} epochs of experiment 3${title}`,
      on,
      images: EPOCHS * (BATCH + VALIDATION_IMAGES),
      mostRounds: 0,
      prepare: async () => {
        model = studyModel(context.imageSize);
      },
      async run() {
        const { history } = await way(model, training);
        losses.push(history.at(-1)!.val_loss);
        model.dispose();
      },
    };
  });
  const rows = await timeEntries('features', entries, context);
  return rows.map((row, index) => ({
    ...row,
    batch: BATCH,
    note: `validation loss ${losses[index]!.toFixed(6)}`,
  }));
}

const trainBehindBase = (model: LayersModel, training: Training) =>
  train({ ...training, model, forward: fuse(model), microBatchSize: 8 });

async function trainOnFeatures(model: LayersModel, training: Training): Promise<TrainResult> {
  const { augmentation, ...rest } = training;
  const { train: source, validation, seed } = rest;
  const { base, head } = splitModel(model, 'mixed10');
  const common = { base, forward: fuse(base), store: memoryFeatures(), dataHash: 'synthetic' };
  const features = await extractFeatures({ ...common, source, augmentation });
  const onValidation = await extractFeatures({ ...common, source: validation });
  const result = await train({
    ...rest,
    model: head,
    train: featureSource({ features, source, augmentation, seed }),
    validation: featureSource({ features: onValidation, source: validation }),
  });
  head.dispose();
  return result;
}

function studyModel(imageSize: number): LayersModel {
  const base = createInceptionV3({ imageShape: [imageSize, imageSize, 3], seed: SEED });
  return createTransferModel({ base, head: STUDY_HEADS.INCEPTION_V3, classes: 3, seed: SEED });
}

async function studyTraining({ imageSize, signal }: BenchContext): Promise<Training> {
  const dataset = createSyntheticDataset({
    patientsPerFinding: Math.ceil((BATCH + VALIDATION_IMAGES) / 3),
    imagesPerPatient: 1,
    seed: SEED,
    ...{ height: imageSize, width: imageSize },
  });
  // Every third one, so that all findings are in both parts.
  const samples = [0, 1, 2].flatMap((rest) => dataset.samples.filter((_, index) => index % 3 === rest));
  const store = await createPixelStore(samples, {
    decode: dataset.decode,
    rule: { height: imageSize, width: imageSize },
    channels: 3,
  });
  const batches = (start: number, count: number, shuffle: boolean) =>
    createBatches({
      store,
      samples: samples.slice(start, start + count),
      classList: NORMAL_BACTERIAL_VIRAL,
      batchSize: BATCH,
      shuffle,
      seed: SEED,
    });
  return {
    train: batches(0, BATCH, true),
    validation: batches(BATCH, VALIDATION_IMAGES, false),
    epochs: EPOCHS,
    learningRate: legacyKerasDecay(1e-4, 1e-5),
    keepWeights: 'last',
    seed: SEED,
    signal,
  };
}
