import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { checkShares } from './optimizers/optimizer.js';

/** Options of the moving average of all weights. */
export interface AverageWeightsOptions {
  /**
   * Share of the average that a step keeps, in `[0, 1)`. The first steps keep less, `(1 + step) / (10 + step)`, so that the
   * initial weights are soon forgotten.
   */
  decay: number;
}

/**
 * Moving average of all weights of a model, moving statistics of batch norm included, next to the weights that are
 * trained.
 *
 * @see Polyak & Juditsky 1992, doi:10.1137/0330046; the shorter memory of the first steps is that of TensorFlow's
 *   `ExponentialMovingAverage(num_updates)`
 */
export interface WeightAverage {
  /** Takes in the weights after an optimizer step. @param step - Counts from 0. */
  update(step: number): void;
  /** Runs work with the averages in the model, then puts the trained weights back. */
  inModel<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Copies, in the model's order. */
  values(): Promise<Float32Array[]>;
  /** Takes over saved averages. */
  restore(values: readonly Float32Array[]): void;
  dispose(): void;
}

/** Starts an average at the weights that the model has now. */
export function averageOf(model: LayersModel, { decay: most }: AverageWeightsOptions): WeightAverage {
  const current = () => model.weights.map((weight) => weight.read());
  let averages = tf.tidy(() => current().map((value) => tf.keep(tf.clone(value))));
  const write = (values: readonly tf.Tensor[]) =>
    model.weights.forEach((weight, index) => {
      weight.write(values[index]!);
    });

  function replace(next: tf.Tensor[]): void {
    tf.dispose(averages);
    averages = next;
  }

  return {
    update(step) {
      const decay = Math.min(most, (1 + step) / (10 + step));
      const values = current();
      replace(
        tf.tidy(() =>
          averages.map((average, index) =>
            tf.keep(tf.add(tf.mul(average, decay), tf.mul(values[index]!, 1 - decay))),
          ),
        ),
      );
    },
    async inModel(work) {
      const trained = current().map((value) => tf.clone(value));
      write(averages);
      try {
        return await work();
      } finally {
        write(trained);
        tf.dispose(trained);
      }
    },
    values: () => Promise.all(averages.map(async (average) => Float32Array.from(await average.data()))),
    restore(values) {
      replace(tf.tidy(() => values.map((value, index) => tf.keep(tf.tensor(value, averages[index]!.shape)))));
    },
    dispose: () => tf.dispose(averages),
  };
}

/** @internal Checks the option once, before training starts. */
export function checkAverageWeights(options: AverageWeightsOptions | undefined): void {
  if (options) checkShares({ 'averageWeights.decay': options.decay });
}
