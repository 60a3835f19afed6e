import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type { Entry } from './section.js';
import type { Workload } from './workload.js';

/**
 * The plain JavaScript backend on images so small that it takes seconds and not minutes, scaled by the operations.
 *
 * @param tiny - The network for such images.
 * @param size - Their height and width.
 * @param whole - Billions of operations of an image of the section.
 */
export function cpuEntries(
  tiny: Workload,
  size: number,
  whole: { readonly forward: number; readonly step: number },
  mostRounds: number,
): Entry[] {
  const { forward, step } = tiny.gigaOperations();
  const prepare = async () => void (await tf.setBackend('cpu'));
  const common = { on: `tfjs cpu (${size}x${size}, scaled)`, images: 1, prepare, mostRounds };
  return [
    {
      ...{ ...common, work: 'forward pass', gigaOperations: forward, scaledTo: whole.forward },
      run: () => tiny.forwardPass(tiny.plain, 1),
    },
    {
      ...{ ...common, work: 'training step', gigaOperations: step, scaledTo: whole.step },
      run: () => tiny.trainingStep(tiny.plain, 1),
    },
  ];
}
