import { createRandom, type Predictions } from 'xray-core';

/** Options of `randomPredictions`. */
export interface RandomPredictionsOptions {
  readonly seed: number;
  readonly size: number;
  readonly classCount: number;
  /** How far the true class stands out, in logits. @default 1.5 */
  readonly signal?: number;
}

/** Softmax of noise plus a bonus for the true class. */
export function randomPredictions(options: RandomPredictionsOptions): Predictions {
  const { seed, size, classCount, signal = 1.5 } = options;
  const random = createRandom(seed);
  const labels = Int32Array.from({ length: size }, () => random.integer(0, classCount));
  const probabilities = new Float32Array(size * classCount);
  labels.forEach((label, image) => {
    const powers = Array.from({ length: classCount }, (_, other) =>
      Math.exp(random.normal() + (label === other ? signal : 0)),
    );
    const sum = powers.reduce((total, power) => total + power, 0);
    probabilities.set(powers.map((power) => power / sum), image * classCount);
  });
  return {
    ids: Array.from(labels, (_, image) => `image-${image}`),
    classNames: Array.from({ length: classCount }, (_, label) => `class-${label}`),
    labels,
    probabilities,
  };
}

/** The images in the order of `images`; an image may occur several times. */
export function takeImages(predictions: Predictions, images: readonly number[]): Predictions {
  const { ids, classNames, labels, probabilities } = predictions;
  const classCount = classNames.length;
  return {
    ids: images.map((image) => ids[image]!),
    classNames,
    labels: Int32Array.from(images, (image) => labels[image]!),
    probabilities: Float32Array.from(
      images.flatMap((image) => [...probabilities.subarray(image * classCount, (image + 1) * classCount)]),
    ),
  };
}
