import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { acquisitionShifts } from 'xray-augment';
import { type BatchSource, throwIfAborted } from 'xray-core';
import { type Familiarity, featuresOf, fitFamiliarity, type ImageFeatures, lastFeatures } from 'xray-models';
import { augmentedSource } from 'xray-train';

/** Images of training that are enough for a covariance of 512 features. */
const TRAINING_IMAGES = 3000;
/** Validation images that are changed by every shift. */
const SHIFTED_IMAGES = 128;

/**
 * Fits what tells images that a model was not made for, on training images as they are and on validation images as they are and
 * under mild and medium shifts; `undefined` where the model has no list of features before its last layer.
 */
export async function measureFamiliarity(
  model: LayersModel,
  { train, validation }: { readonly train: BatchSource; readonly validation: BatchSource },
  signal?: AbortSignal,
): Promise<Familiarity | undefined> {
  const features = lastFeatures(model);
  if (features === undefined) return undefined;
  const plausible = acquisitionShifts().filter(({ strength }) => strength <= 2);
  const collected = [await collect(features, validation, Number.POSITIVE_INFINITY, signal)];
  for (const shift of plausible)
    collected.push(await collect(features, augmentedSource(validation, [shift]), SHIFTED_IMAGES, signal));
  return fitFamiliarity(await collect(features, train, TRAINING_IMAGES, signal), joined(collected));
}

async function collect(
  features: LayersModel,
  source: BatchSource,
  most: number,
  signal: AbortSignal | undefined,
): Promise<ImageFeatures> {
  const parts: Float32Array[] = [];
  let count = 0;
  for await (const { images, labels } of source.epoch(0, { signal })) {
    try {
      throwIfAborted(signal, 'Measuring familiarity');
      parts.push(await featuresOf(features, images));
      count += images.shape[0];
    } finally {
      tf.dispose([images, labels]);
    }
    if (count >= most) break;
  }
  return { size: features.outputShape[1] as number, values: concatenated(parts) };
}

const joined = (all: readonly ImageFeatures[]): ImageFeatures => ({
  size: all[0]!.size,
  values: concatenated(all.map(({ values }) => values)),
});

function concatenated(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
