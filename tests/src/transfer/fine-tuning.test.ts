import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { NORMAL_BACTERIAL_VIRAL as classList } from 'xray-core';
import { createBatches, createPixelStore, createSyntheticDataset } from 'xray-dataset';
import {
  createInceptionV3,
  createMobileNetV2,
  createTransferModel,
  describeModel,
  STUDY_HEADS,
  unfreezeFrom,
} from 'xray-models';
import { selectDevice } from 'xray-node-gpu';
import { train } from 'xray-train';
import { fuse } from 'xray-wasm';

const SIZE = 96;
let source: ReturnType<typeof createBatches>;

beforeAll(async () => {
  await selectDevice({ require: 'wasm' });
  const { samples, decode } = createSyntheticDataset({
    patientsPerFinding: 2,
    imagesPerPatient: 1,
    seed: 3,
    height: SIZE,
    width: SIZE,
  });
  const rule = { height: SIZE, width: SIZE };
  const store = await createPixelStore(samples, { decode, rule, channels: 1 });
  source = createBatches({ store, samples, classList, batchSize: 6 });
});

const bases = {
  inception: () => createInceptionV3({ imageShape: [SIZE, SIZE, 1], seed: 1 }),
  mobilenet: () => createMobileNetV2({ imageShape: [SIZE, SIZE, 1], seed: 1 }),
};
const statisticsOf = (model: LayersModel) =>
  model.weights
    .filter(({ originalName }) => originalName.includes('moving'))
    .map((weight) => weight.read().dataSync()[0]);

describe('fine-tuning on the kernels of xray-wasm', () => {
  it("is the study's experiment 3 in parameters", () => {
    const base = createInceptionV3({ imageShape: [224, 224, 1] });
    const model = createTransferModel({ base, head: STUDY_HEADS.INCEPTION_V3, classes: 3 });
    const { parameters, trainableParameters } = describeModel(model);
    expect([parameters, trainableParameters]).toEqual([34_943_523, 13_140_739]);
    model.dispose();
  });

  it.each([
    ['inception', 'conv2d_1'],
    ['mobilenet', 'Conv1'],
  ] as const)('trains all of %s, batch norm included', async (name, first) => {
    const model = createTransferModel({
      base: bases[name](),
      head: [{ type: 'average_pooling' }],
      classes: 3,
    });
    unfreezeFrom(model, first, { batchNorm: true });
    const before = statisticsOf(model);
    const tensors = tf.memory().numTensors;
    const { history } = await train({
      ...{ model, train: source, validation: source, epochs: 3, seed: 7, learningRate: 3e-4 },
      forward: fuse(model),
      keepWeights: 'last',
    });
    expect(tf.memory().numTensors).toBe(tensors);
    expect(history.at(-1)!.loss).toBeLessThan(history[0]!.loss);
    expect(statisticsOf(model).every((value, at) => value !== before[at])).toBe(true);
    model.dispose();
  });

  it('trains the last blocks alone and keeps all statistics', async () => {
    const base = bases.mobilenet();
    const model = createTransferModel({ base, head: [{ type: 'average_pooling' }], classes: 3 });
    unfreezeFrom(model, 'block_15_add');
    const before = statisticsOf(model);
    const frozen = Array.from(model.getLayer('block_15_project').getWeights()[0]!.dataSync());
    const trained = Array.from(model.getLayer('block_16_project').getWeights()[0]!.dataSync());
    await train({
      model,
      train: source,
      validation: source,
      epochs: 1,
      seed: 7,
      keepWeights: 'last',
      forward: fuse(model),
    });
    expect(statisticsOf(model)).toEqual(before);
    expect(Array.from(model.getLayer('block_15_project').getWeights()[0]!.dataSync())).toEqual(frozen);
    expect(Array.from(model.getLayer('block_16_project').getWeights()[0]!.dataSync())).not.toEqual(trained);
    model.dispose();
  });
});
