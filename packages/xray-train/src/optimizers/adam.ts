import * as tf from '@tensorflow/tfjs-core';
import { type OptionNames, refuseUnknownOptions } from 'xray-core';
import { checkShares, type Optimizer, SlotList } from './optimizer.js';

const OPTIONS: OptionNames<AdamOptions> = {
  beta1: true,
  beta2: true,
  epsilon: true,
};

/** Options of `adam`. */
export interface AdamOptions {
  /** Decay of the gradient's running mean, in `[0, 1)`. @default 0.9 */
  beta1?: number | undefined;
  /** Decay of the squared gradient's running mean, in `[0, 1)`. @default 0.999 */
  beta2?: number | undefined;
  /** Keeps the division finite; added outside the square root as in Keras. @default 1e-7 */
  epsilon?: number | undefined;
}

/**
 * Adam, in the form of section 2's last paragraph, as Keras computes it:
 * `w -= rate * sqrt(1 - beta2^t) / (1 - beta1^t) * m / (sqrt(v) + epsilon)`.
 *
 * @see Kingma & Ba 2014, https://arxiv.org/abs/1412.6980
 */
export function adam(options: AdamOptions = {}): Optimizer {
  refuseUnknownOptions('adam', options, OPTIONS);
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 } = options;
  checkShares({ beta1, beta2 });
  const slots = new SlotList(2);
  let steps = 0;

  return {
    name: 'adam',
    settings: { beta1, beta2, epsilon },
    step(variables, gradients, learningRate) {
      slots.ensure(variables);
      steps++;
      const rate = (learningRate * Math.sqrt(1 - beta2 ** steps)) / (1 - beta1 ** steps);
      variables.forEach((variable, index) => {
        const gradient = gradients[index]!;
        const meanSlot = index;
        const squareSlot = variables.length + index;
        tf.tidy(() => {
          const mean = tf.add(tf.mul(slots.get(meanSlot), beta1), tf.mul(gradient, 1 - beta1));
          const square = tf.add(tf.mul(slots.get(squareSlot), beta2), tf.mul(tf.square(gradient), 1 - beta2));
          variable.assign(tf.sub(variable, tf.div(tf.mul(mean, rate), tf.add(tf.sqrt(square), epsilon))));
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
