import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel, layers } from '@tensorflow/tfjs-layers';
import { type Forward, InvalidArgumentError } from 'xray-core';
import { convolutionBlock, hasConvolutionBlock } from './convolution-block.js';
import { type BlockStep, findBlocks, type Step } from './find-blocks.js';
import { foldBatchNorm, readWeights } from './folded-weights.js';
import { isFrozenBatchNorm } from './layer-settings.js';
import { flattenModel } from './model-graph.js';

/**
 * Makes a faster stand-in for `model.apply` that needs less memory: neighbouring layers run as one operation. The model,
 * its layers and what is saved of it stay as they are; the result and the gradients are the same up to rounding.
 *
 * - Conv2D, ReLU and MaxPooling2D (2 x 2) run as one, in training too, on a backend with the kernels of
 *   `registerKernels`; elsewhere by their own layers.
 * - BatchNormalization after a Conv2D or a DepthwiseConv2D, and the ReLU or ReLU6 that follows, are folded into its
 *   weights, on every backend: outside of training always, in training where the batch norm is frozen and heeds it
 *   (`FreezableBatchNorm` of `xray-core`; the stock layer does not).
 * - All other layers run themselves, dropout and trained batch norm among them.
 *
 * Weights and `trainable` are read at every call, so training, freezing, loading and setting weights need no new `fuse`;
 * adding layers does.
 * Masks (of recurrent networks) are not passed on.
 *
 * @param model - With one input `[batch, height, width, channels]` and one output; branches, shared layers and models
 *   inside it are fine.
 * @returns `(images, { training }) => probabilities`; throws an `InvalidArgumentError` on images of another shape.
 * @throws {InvalidArgumentError} If the model has several inputs or outputs.
 *
 * @example
 * await registerKernels();
 * const forward = fuse(model);
 * const probabilities = forward(images, { training: false });
 */
export function fuse(model: LayersModel): Forward {
  const graph = flattenModel(model);
  const batchNorms = graph.steps
    .map(({ layer }) => layer)
    .filter((layer) => layer.getClassName() === 'BatchNormalization');
  const plans = new Map<string, PlannedStep[]>();
  const planFor = (training: boolean): PlannedStep[] => {
    const frozen = new Set(training ? batchNorms.filter(isFrozenBatchNorm) : batchNorms);
    const key = batchNorms.map((layer) => Number(frozen.has(layer))).join('');
    const plan =
      plans.get(key) ??
      planOf(
        findBlocks(graph, (layer) => frozen.has(layer)),
        graph.output,
      );
    plans.set(key, plan);
    return plan;
  };
  const inputShape = model.inputs[0]!.shape;
  return (images, { training }) => {
    checkShape(images, inputShape);
    return tf.tidy(() => {
      const values: tf.Tensor[] = [images];
      for (const { step, unused } of planFor(training)) {
        runStep(step, values, training);
        // The tape of a training step holds on to what it needs; everything else lives until its last reader.
        if (!training) for (const value of unused) values[value]!.dispose();
      }
      return tf.clone(values[graph.output]!) as tf.Tensor2D; // never the images themselves
    });
  };
}

/** A step and the values that nobody reads after it. */
interface PlannedStep {
  readonly step: Step;
  readonly unused: readonly number[];
}

function planOf(steps: readonly Step[], output: number): PlannedStep[] {
  const kept = new Set([0, output]);
  return [...steps]
    .reverse()
    .map((step) => {
      const unused = [...new Set([...step.inputs, ...step.outputs])].filter((value) => !kept.has(value));
      for (const value of unused) kept.add(value);
      return { step, unused };
    })
    .reverse();
}

function runStep(step: Step, values: tf.Tensor[], training: boolean): void {
  const inputs = step.inputs.map((input) => values[input]!);
  const results =
    'layer' in step ? applyLayer(step.layer, inputs, training) : [runBlock(step, inputs[0]!, training)];
  step.outputs.forEach((output, index) => {
    values[output] = results[index]!;
  });
}

function applyLayer(layer: layers.Layer, inputs: tf.Tensor[], training: boolean): tf.Tensor[] {
  const results = layer.apply(inputs, { training }) as tf.Tensor | tf.Tensor[];
  return Array.isArray(results) ? results : [results];
}

function runBlock(block: BlockStep, x: tf.Tensor, training: boolean): tf.Tensor {
  const { convolution, batchNorm, activation, pool } = block;
  const isOneKernel =
    activation === 'relu' && convolution.isPlain && x.dtype === 'float32' && hasConvolutionBlock();
  if (training && !batchNorm && activation === 'linear') return convolve(block, x as tf.Tensor4D);
  if (!isOneKernel && !batchNorm) {
    return tf.tidy(() => block.layers.reduce((value, layer) => applyLayer(layer, [value], training)[0]!, x));
  }
  return tf.tidy(() => {
    const own = readWeights(block.layers[0]!);
    const { filter, bias } = batchNorm ? foldBatchNorm(own, batchNorm, convolution.isDepthwise) : own;
    if (isOneKernel) {
      const attributes = { pad: convolution.padding, pool: pool !== undefined };
      return convolutionBlock(x as tf.Tensor4D, filter, bias, attributes);
    }
    const convolve = convolution.isDepthwise ? tf.fused.depthwiseConv2d : tf.fused.conv2d;
    const result = convolve({
      x: x as tf.Tensor4D,
      filter,
      strides: convolution.strides,
      pad: convolution.padding,
      dilations: convolution.dilations,
      ...(bias ? { bias } : {}),
      activation,
    });
    return pool ? applyLayer(pool, [result], training)[0]! : result;
  });
}

/**
 * What a Conv2D layer does, as operations that compute only the gradients that are asked for. That of the layer itself is one
 * operation, which also computes the gradient of the images that a network begins with.
 */
function convolve({ layers: [layer], convolution }: BlockStep, x: tf.Tensor4D): tf.Tensor {
  return tf.tidy(() => {
    const { filter, bias } = readWeights(layer!);
    const { strides, padding, dilations } = convolution;
    const y = tf.conv2d(x, filter, strides, padding, 'NHWC', dilations);
    return bias ? tf.add(y, bias) : y;
  });
}

function checkShape(images: tf.Tensor, expected: readonly (number | null)[]): void {
  const fits =
    images.shape.length === expected.length &&
    expected.every((size, axis) => size === null || size === images.shape[axis]);
  if (!fits) {
    throw new InvalidArgumentError({
      argument: 'images',
      expected: `of shape [${expected.map((size) => size ?? 'any')}], as the model takes them`,
      received: images.shape,
    });
  }
}
