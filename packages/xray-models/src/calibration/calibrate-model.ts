import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { InvalidArgumentError } from 'xray-core';
import { outputOf } from '../transfer/trace-graph.js';

/** Scalings that a last layer can take in, as `fitTemperature` and `fitPlatt` of `xray-metrics` give them. */
export type FoldedCalibrator =
  | { readonly method: 'temperature'; readonly temperature: number }
  | { readonly method: 'platt'; readonly slope: number; readonly intercept: number };

/**
 * Calibrates a model for good: temperature or Platt scaling is a change of the weights of its last dense layer, so that whoever
 * loads the saved model gets calibrated probabilities, plain TensorFlow.js included. Choose the threshold on calibrated predictions.
 *
 * @param model - Ends with a dense layer with softmax. Its weights are changed in place.
 * @param calibrator - Platt scaling is for two classes.
 * @throws {InvalidArgumentError} If the model ends in another way, or the calibrator does not fit; nothing is changed then.
 *
 * @see Guo et al. 2017, On calibration of modern neural networks, arXiv:1706.04599 (temperature)
 * @see Platt 1999, Probabilistic outputs for support vector machines
 *
 * @example
 * calibrateModel(model, fitTemperature(validationPredictions));
 */
export function calibrateModel(model: LayersModel, calibrator: FoldedCalibrator): void {
  const layer = outputOf(model).sourceLayer;
  const { activation, units } = layer.getConfig() as { activation?: unknown; units?: number };
  if (layer.getClassName() !== 'Dense' || activation !== 'softmax') {
    throw new InvalidArgumentError({
      argument: 'model',
      expected: 'one that ends with a dense layer with softmax',
      received: `${layer.getClassName()} ${layer.name}`,
      fix: 'Apply the calibrator to its predictions instead: `applyCalibrator` of xray-metrics.',
    });
  }
  const { scale, shift } = changeOf(calibrator);
  const [kernel, bias] = layer.getWeights();
  if (shift !== 0 && (units !== 2 || !bias)) {
    throw new InvalidArgumentError({
      argument: 'calibrator',
      expected:
        'temperature scaling for a model with more than two classes or without a bias in its last layer',
      received: calibrator,
    });
  }
  const changed = tf.tidy(() => [
    tf.mul(kernel!, scale),
    ...(bias ? [tf.add(tf.mul(bias, scale), [...new Array<number>(units! - 1).fill(0), shift])] : []),
  ]);
  layer.setWeights(changed);
  tf.dispose(changed);
}

/** What becomes of the logits: all are multiplied, the last one of two is shifted. */
function changeOf(calibrator: FoldedCalibrator): { scale: number; shift: number } {
  const [scale, shift] =
    calibrator.method === 'temperature'
      ? [1 / calibrator.temperature, 0]
      : [calibrator.slope, calibrator.intercept];
  if (Number.isFinite(scale) && scale > 0 && Number.isFinite(shift)) return { scale, shift };
  throw new InvalidArgumentError({
    argument: 'calibrator',
    expected: 'a temperature or a slope above 0, and a finite intercept',
    received: calibrator,
  });
}
