// What the tests of workers train, in Node and in browsers.
import { NORMAL_PNEUMONIA as classList } from 'xray-core';
import { createBatches, createPixelStore, createSyntheticDataset } from 'xray-dataset';
import { createCnn } from 'xray-models';
import { type OpenReplicasOptions, openReplicas, predict, type TrainOptions, train } from 'xray-train';

/** What a training came to. */
export interface Learned {
  /** Training and validation loss of every epoch. */
  readonly losses: number[];
  /** Of the validation images. */
  readonly probabilities: number[];
  readonly weights: number[];
}

const SIZE = 32;

export const smallCnn = () => createCnn({ imageShape: [SIZE, SIZE, 1], filters: [8, 16], seed: 7 });

/** Two epochs with dropout, micro-batches and a last batch that does not divide. */
export async function smallTraining(): Promise<Omit<TrainOptions, 'model'>> {
  const image = { height: SIZE, width: SIZE };
  const { samples, decode } = createSyntheticDataset({ patientsPerFinding: 8, seed: 7, ...image });
  const store = await createPixelStore(samples, { decode, rule: image });
  const batches = createBatches({ store, samples, classList, batchSize: 7, shuffle: true, seed: 7 });
  return { train: batches, validation: batches, epochs: 2, seed: 7, learningRate: 1e-3, microBatchSize: 3 };
}

/** Trains `model` with the settings of `smallTraining` and predicts the validation images. */
export async function learn(options: Pick<TrainOptions, 'model'> & Partial<TrainOptions>): Promise<Learned> {
  const settings = { ...(await smallTraining()), ...options };
  const { model, validation, forward, replicas } = settings;
  const { history } = await train(settings);
  const { probabilities } = await predict(model, validation, { forward, replicas });
  const weights = await Promise.all(model.getWeights().map((weight) => weight.data()));
  return {
    losses: history.flatMap(({ loss, val_loss }) => [loss, val_loss]),
    probabilities: Array.from(probabilities),
    weights: weights.flatMap((values) => Array.from(values)),
  };
}

/** The same with a new model on two workers. */
export async function learnOnWorkers(
  spawn: OpenReplicasOptions['spawn'],
  { data, ...options }: Partial<TrainOptions> & Pick<OpenReplicasOptions, 'data'> = {},
): Promise<Learned> {
  const model = smallCnn();
  try {
    const replicas = await openReplicas({ model, workers: 2, spawn, data });
    try {
      return await learn({ ...options, model, replicas });
    } finally {
      await replicas.dispose();
    }
  } finally {
    model.dispose();
  }
}
