import * as tf from '@tensorflow/tfjs-core';
import { type BlockAttributes, CONVOLUTION_BLOCK_KERNELS as KERNELS } from '../kernels/convolution-block.js';

/** True when the current backend has the kernels of `convolutionBlock`. */
export function hasConvolutionBlock(): boolean {
  return (tf.getKernel(KERNELS.forward, tf.getBackend()) as tf.KernelConfig | undefined) !== undefined;
}

/**
 * Convolution, bias, ReLU and, with `pool`, max pooling of 2 x 2 as one operation with gradients. Between forward and
 * backward pass it keeps the result and a byte per value, where the separate operations keep the results of all of
 * them. A gradient that nobody asks for, such as that of the images, is not computed.
 *
 * @param x - float32 `[batch, height, width, channels]`
 * @param filter - `[filterHeight, filterWidth, channels, outputChannels]`
 * @param bias - `[outputChannels]`
 */
export function convolutionBlock(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  bias: tf.Tensor1D | undefined,
  attributes: BlockAttributes,
): tf.Tensor4D {
  if (!tf.getGradient(KERNELS.forward)) tf.registerGradient(BLOCK_GRADIENT);
  const inputs = bias ? { x, filter, bias } : { x, filter };
  const [y, index] = runKernel(KERNELS.forward, inputs, { ...attributes }) as tf.Tensor[];
  index?.dispose(); // the tape has saved its own
  return y as tf.Tensor4D;
}

const BLOCK_GRADIENT: tf.GradConfig = {
  kernelName: KERNELS.forward,
  inputsToSave: ['x', 'filter'],
  outputsToSave: [true, true],
  gradFunc(dy, saved, attributes) {
    const [x, filter, y, index] = saved as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D, tf.Tensor1D?];
    const given = { dy: Array.isArray(dy) ? dy[0]! : dy, y, ...(index ? { index } : {}) };
    const gradient = (name: string, inputs: tf.NamedTensorMap, shapes: tf.NamedAttrMap = {}) =>
      runKernel(name, { ...given, ...inputs }, { ...attributes, ...shapes }) as tf.Tensor;
    return {
      x: () => gradient(KERNELS.inputGradient, { filter }, { inputShape: x.shape }),
      filter: () => gradient(KERNELS.filterGradient, { x }, { filterShape: filter.shape }),
      bias: () => gradient(KERNELS.biasGradient, {}),
    };
  },
};

function runKernel(
  name: string,
  inputs: tf.NamedTensorMap,
  attributes: tf.NamedAttrMap,
): tf.Tensor | tf.Tensor[] {
  return tf.engine().runKernel(name, inputs, attributes);
}
