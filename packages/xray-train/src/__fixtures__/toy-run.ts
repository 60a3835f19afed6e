import type { LayersModel } from '@tensorflow/tfjs-layers';
import { train } from '../train.js';
import type { TrainOptions, TrainResult } from '../train-options.js';
import { toyModel, toySource } from './toy-problem.js';

export const training = toySource({ sampleCount: 43, batchSize: 8, seed: 1 });
export const validation = toySource({ sampleCount: 24, batchSize: 10, seed: 2, shuffle: false });

/** Starts a short training of the toy model on the toy problem; anything can be given otherwise. */
export function run(options: Partial<TrainOptions> = {}): { model: LayersModel; result: Promise<TrainResult> } {
  const model = options.model ?? toyModel();
  const all: TrainOptions = {
    model,
    train: training,
    validation,
    epochs: 4,
    seed: 7,
    learningRate: 0.02,
    ...options,
  };
  return { model, result: train(all) };
}
