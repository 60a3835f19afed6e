import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel, layers } from '@tensorflow/tfjs-layers';
import { type Forward, InvalidArgumentError } from 'xray-core';
import { convolutionBlock, hasConvolutionBlock } from './convolution-block.js';
import { type BlockStep, findBlocks, type Step } from './find-blocks.js';
import { foldBatchNorm, readWeights } from './folded-weights.js';
import { flattenModel } from './model-graph.js';

/**
 * Makes a faster stand-in for `model.apply` that needs less memory: neighbouring layers run as one operation. The model,
 * its layers and what is saved of it stay as they are; the result and the gradients are the same up to rounding.
 *
 * - Conv2D, ReLU and MaxPooling2D (2 x 2) run as one, in training too, on a backend with the kernels of
 *   `registerKernels`; elsewhere by their own layers.
 * - Outside of training, BatchNormalization after a Conv2D is folded into its weights, on every backend.
 * - All other layers run themselves, dropout and batch norm in training among them.
 *
 * Weights are read at every call, so training, loading and setting weights need no new `fuse`; adding layers does.
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
  const plans = {
    training: planOf(findBlocks(graph, { foldBatchNorm: false }), graph.output),
    inference: planOf(findBlocks(graph, { foldBatchNorm: true }), graph.output),
  };
  const inputShape = model.inputs[0]!.shape;
  return (images, { training }) => {
    checkShape(images, inputShape);
    return tf.tidy(() => {
      const values: tf.Tensor[] = [images];
      for (const { step, unused } of training ? plans.training : plans.inference) {
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
  const { convolution, batchNorm, relu, pool } = block;
  const isOneKernel = relu && convolution.isDense && x.dtype === 'float32' && hasConvolutionBlock();
  if (!isOneKernel && !batchNorm) {
    return tf.tidy(() => block.layers.reduce((value, layer) => applyLayer(layer, [value], training)[0]!, x));
  }
  return tf.tidy(() => {
    const own = readWeights(block.layers[0]!);
    const { filter, bias } = batchNorm ? foldBatchNorm(own, batchNorm) : own;
    if (isOneKernel) {
      const attributes = { pad: convolution.padding, pool: pool !== undefined };
      return convolutionBlock(x as tf.Tensor4D, filter, bias, attributes);
    }
    const result = tf.fused.conv2d({
      x: x as tf.Tensor4D,
      filter,
      strides: convolution.strides,
      pad: convolution.padding,
      dilations: convolution.dilations,
      ...(bias ? { bias } : {}),
      activation: relu ? 'relu' : 'linear',
    });
    return pool ? applyLayer(pool, [result], training)[0]! : result;
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
