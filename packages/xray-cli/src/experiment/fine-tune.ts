import type { LayersModel } from '@tensorflow/tfjs-layers';
import { InvalidArgumentError } from 'xray-core';
import { unfreezeFrom } from 'xray-models';
import type { Replicas, TrainingPhase } from 'xray-train';
import type { ExperimentRun } from './experiment-run.js';

/** What is trained once the head is good, and how. */
export interface FineTuning {
  /** The last layer that stays frozen. */
  readonly from: string;
  readonly epochs: number;
  /** Lower than the head's, so that what the base knows is not lost. */
  readonly learningRate: number;
}

/**
 * The phase that trains the back of a base together with its head, on images. Batch norm stays as it is.
 *
 * @throws {InvalidArgumentError} If there is no such layer: now, and not when the phases before it are done.
 */
export function fineTunePhase(model: LayersModel, run: ExperimentRun, tuning: FineTuning): TrainingPhase {
  if (!model.layers.some(({ name }) => name === tuning.from)) {
    throw new InvalidArgumentError({
      argument: '--fine-tune-from',
      expected: 'the name of a layer of the network, such as mixed8',
      received: tuning.from,
    });
  }
  let replicas: Replicas | undefined;
  return {
    name: 'fine-tune',
    async prepare() {
      unfreezeFrom(model, tuning.from);
      const how = await run.accelerate(model);
      replicas = how.replicas;
      const { epochs, learningRate } = tuning;
      return { ...run.training, ...how, model, epochs, learningRate };
    },
    finish: () => replicas?.dispose(),
  };
}
