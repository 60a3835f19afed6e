// The gradients of the operations in the tests' network. TensorFlow.js registers its own with
// @tensorflow/tfjs-layers; @tensorflow/tfjs-core alone has none in Node.
import * as tf from '@tensorflow/tfjs-core';

type Attributes = Record<string, unknown>;

export function registerGradients(): void {
  gradient('Conv2D', ['x', 'filter'], [], (dy, [x, filter], { strides, pad }) => ({
    x: () => kernel('Conv2DBackpropInput', { dy, filter }, { strides, pad, dataFormat: 'NHWC', inputShape: x!.shape }),
    filter: () =>
      kernel('Conv2DBackpropFilter', { x, dy }, { strides, pad, dataFormat: 'NHWC', filterShape: filter!.shape }),
  }));
  gradient('MaxPool', ['x'], [true], (dy, [input, output], { filterSize, strides, pad }) => ({
    x: () => kernel('MaxPoolGrad', { dy, input, output }, { filterSize, strides, pad }),
  }));
  gradient('Relu', ['x'], [], (dy, [x]) => ({ x: () => tf.mul(dy, tf.step(x!)) }));
  gradient('Add', ['a', 'b'], [], (dy, [a, b]) => ({ a: () => reduceTo(dy, a!), b: () => reduceTo(dy, b!) }));
  gradient('Multiply', ['a', 'b'], [], (dy, [a, b]) => ({ a: () => tf.mul(dy, b!), b: () => tf.mul(dy, a!) }));
  gradient('Reshape', ['x'], [], (dy, [x]) => ({ x: () => tf.reshape(dy, x!.shape) }));
  gradient('BatchMatMul', ['a', 'b'], [], (dy, [a, b]) => ({
    a: () => tf.matMul(dy, b!, false, true),
    b: () => tf.matMul(a!, dy, true, false),
  }));
  gradient('LogSoftmax', [], [true], (dy, [value]) => ({
    logits: () => tf.sub(dy, tf.mul(tf.sum(dy, -1, true), tf.exp(value!))),
  }));
  gradient('Sum', ['x'], [], (dy, [x]) => ({ x: () => tf.mul(tf.ones(x!.shape), dy) }));
}

function gradient(
  kernelName: string,
  inputsToSave: string[],
  outputsToSave: boolean[],
  compute: (dy: tf.Tensor, saved: tf.Tensor[], attributes: Attributes) => ReturnType<tf.GradFunc>,
): void {
  if (tf.getGradient(kernelName)) return;
  const gradFunc: tf.GradFunc = (dy, saved, attributes) => compute(dy as tf.Tensor, saved, attributes as Attributes);
  tf.registerGradient({ kernelName, inputsToSave, outputsToSave, gradFunc });
}

function kernel(name: string, inputs: Record<string, tf.Tensor | undefined>, attributes: Attributes): tf.Tensor {
  return tf.engine().runKernel(name, inputs as tf.NamedTensorMap, attributes as tf.NamedAttrMap) as tf.Tensor;
}

/** Sums over the axes along which `target` was broadcast. */
function reduceTo(dy: tf.Tensor, target: tf.Tensor): tf.Tensor {
  const axes = tf.broadcast_util.getReductionAxes(target.shape, dy.shape);
  return tf.reshape(axes.length > 0 ? tf.sum(dy, axes) : dy, target.shape);
}

/** The reference network, small: three times convolution, ReLU and pooling, then a dense layer. */
export const networkShapes = (channels: number, filters: number[], flat: number): number[][] => {
  const shapes: number[][] = [];
  let inputs = channels;
  for (const outputs of filters) {
    shapes.push([3, 3, inputs, outputs], [outputs]);
    inputs = outputs;
  }
  return [...shapes, [flat, 2], [2]];
};

/** Cross-entropy of the network with `weights`, shaped as `networkShapes` says. */
export function networkLoss(images: tf.Tensor4D, labels: tf.Tensor2D, weights: tf.Tensor[]): tf.Scalar {
  let features = images;
  for (let at = 0; at + 2 < weights.length; at += 2) {
    const convolved = tf.conv2d(features, weights[at] as tf.Tensor4D, 1, 'valid');
    features = tf.maxPool(tf.relu(tf.add(convolved, weights[at + 1]!)) as tf.Tensor4D, 2, 2, 'valid');
  }
  const flat = tf.reshape(features, [images.shape[0], -1]);
  const logits = tf.add(tf.matMul(flat, weights.at(-2)!), weights.at(-1)!);
  return tf.mul(tf.sum(tf.mul(labels, tf.logSoftmax(logits))), -1 / images.shape[0]) as tf.Scalar;
}
