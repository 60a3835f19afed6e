import * as tf from '@tensorflow/tfjs-core';
import { InvalidArgumentError, type OptionNames, refuseUnknownOptions } from 'xray-core';
import { checkShares, type Optimizer, SlotList } from './optimizer.js';

const OPTIONS: OptionNames<AdamWOptions> = {
  beta1: true,
  beta2: true,
  epsilon: true,
  weightDecay: true,
};

/** Options of `adamW`. */
export interface AdamWOptions {
  /** Decay of the gradient's running mean, in `[0, 1)`. @default 0.9 */
  beta1?: number | undefined;
  /** Decay of the squared gradient's running mean, in `[0, 1)`. @default 0.999 */
  beta2?: number | undefined;
  /** Keeps the division finite; added to the square root of the bias-corrected mean, as in PyTorch. @default 1e-8 */
  epsilon?: number | undefined;
  /** Share of every weight that a step of learning rate 1 takes off, at least 0. @default 0.01 */
  weightDecay?: number | undefined;
}

/**
 * Adam with decoupled weight decay, as PyTorch's `AdamW` computes it: `w -= rate * weightDecay * w`, then
 * `w -= rate / (1 - beta1^t) * m / (sqrt(v / (1 - beta2^t)) + epsilon)`. All trainable weights decay, offsets and the
 * scales of batch norm included.
 *
 * @throws {InvalidArgumentError} If a number is out of range.
 *
 * @see Loshchilov & Hutter 2017, https://arxiv.org/abs/1711.05101, algorithm 2
 */
export function adamW(options: AdamWOptions = {}): Optimizer {
  refuseUnknownOptions('adamW', options, OPTIONS);
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0.01 } = options;
  checkShares({ beta1, beta2 });
  for (const [argument, received] of Object.entries({ epsilon, weightDecay })) {
    if (received >= 0 && Number.isFinite(received)) continue;
    throw new InvalidArgumentError({ argument, expected: 'a finite number of at least 0', received });
  }
  const slots = new SlotList(2);
  let steps = 0;

  return {
    name: 'adam-w',
    settings: { beta1, beta2, epsilon, weightDecay },
    step(variables, gradients, learningRate) {
      slots.ensure(variables);
      steps++;
      const rate = learningRate / (1 - beta1 ** steps);
      const correction = 1 / Math.sqrt(1 - beta2 ** steps);
      variables.forEach((variable, index) => {
        const gradient = gradients[index]!;
        const meanSlot = index;
        const squareSlot = variables.length + index;
        tf.tidy(() => {
          const mean = tf.add(tf.mul(slots.get(meanSlot), beta1), tf.mul(gradient, 1 - beta1));
          const square = tf.add(tf.mul(slots.get(squareSlot), beta2), tf.mul(tf.square(gradient), 1 - beta2));
          const decayed = tf.mul(variable, 1 - learningRate * weightDecay);
          const size = tf.add(tf.mul(tf.sqrt(square), correction), epsilon);
          variable.assign(tf.sub(decayed, tf.div(tf.mul(mean, rate), size)));
          slots.replace(meanSlot, mean);
          slots.replace(squareSlot, square);
        });
      });
    },
    slots: () => slots.all(),
    restore(saved, savedSteps) {
      slots.restore(saved);
      steps = savedSteps;
    },
    dispose: () => slots.dispose(),
  };
}
