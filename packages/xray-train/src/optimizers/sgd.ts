import * as tf from '@tensorflow/tfjs-core';
import { type OptionNames, refuseUnknownOptions } from 'xray-core';
import { checkShares, type Optimizer, SlotList } from './optimizer.js';

const OPTIONS: OptionNames<SgdOptions> = {
  momentum: true,
};

/** Options of `sgd`. */
export interface SgdOptions {
  /** Share of the last step that is taken again, in `[0, 1)`. @default 0 */
  momentum?: number | undefined;
}

/**
 * Stochastic gradient descent, with momentum as in Keras: `v = momentum * v - rate * g; w += v`.
 *
 * @see Sutskever et al. 2013, https://proceedings.mlr.press/v28/sutskever13.html
 */
export function sgd(options: SgdOptions = {}): Optimizer {
  refuseUnknownOptions('sgd', options, OPTIONS);
  const { momentum = 0 } = options;
  checkShares({ momentum });
  const slots = new SlotList(1);

  return {
    name: 'sgd',
    settings: { momentum },
    step(variables, gradients, learningRate) {
      slots.ensure(variables);
      variables.forEach((variable, index) => {
        tf.tidy(() => {
          const velocity = tf.sub(
            tf.mul(slots.get(index), momentum),
            tf.mul(gradients[index]!, learningRate),
          );
          variable.assign(tf.add(variable, velocity));
          slots.replace(index, velocity);
        });
      });
    },
    slots: () => slots.all(),
    restore: (saved) => slots.restore(saved),
    dispose: () => slots.dispose(),
  };
}
