import * as tf from '@tensorflow/tfjs-core';
import {
  checkWholeNumber,
  type DecodedImage,
  type ProgressCallback,
  prepareImage,
  throwIfAborted,
  yieldToEventLoop,
} from 'xray-core';
import type { ModelBundle } from './model-bundle.js';

/** What a bundle says about one image. */
export interface Classification {
  /** Probability of every class by name, in the order of the class list; sums to 1. */
  readonly probabilities: Readonly<Record<string, number>>;
  /** The most probable class. */
  readonly className: string;
  /** 1 - p(negative class), in `[0, 1]`. */
  readonly pneumoniaProbability: number;
  /** Whether that reaches the bundle's threshold. */
  readonly isPneumonia: boolean;
}

/** Options of `classify`. */
export interface ClassifyOptions {
  /** Images per forward pass. @default 8 */
  batchSize?: number;
  signal?: AbortSignal;
  onProgress?: ProgressCallback;
}

/**
 * Classifies decoded images of any size: the bundle's own channel and resize rule is applied, then its model.
 *
 * @param images - 8 or 16 bits, gray or RGB.
 * @returns One result per image, in order.
 * @throws {AbortedError} Between two batches, once `signal` fires.
 *
 * @example
 * const [result] = await classify(bundle, [{ pixels, height: 1024, width: 1200, channels: 1 }]);
 */
export async function classify(
  bundle: ModelBundle,
  images: readonly DecodedImage[],
  options: ClassifyOptions = {},
): Promise<Classification[]> {
  const { batchSize = 8, signal, onProgress } = options;
  checkWholeNumber('batchSize', batchSize);
  const { names } = bundle.metadata.classList;
  const results: Classification[] = [];
  for (let start = 0; start < images.length; start += batchSize) {
    throwIfAborted(signal, 'Classification');
    const part = images.slice(start, start + batchSize);
    const output = tf.tidy(() => bundle.model.predict(toTensor(bundle, part)) as tf.Tensor);
    const values = await output.data();
    output.dispose();
    for (let index = 0; index < part.length; index++) {
      const row = Array.from(values.slice(index * names.length, (index + 1) * names.length));
      results.push(toClassification(bundle, row));
    }
    onProgress?.({ type: 'predict', done: results.length, total: images.length });
    await yieldToEventLoop();
  }
  return results;
}

function toTensor({ metadata }: ModelBundle, images: readonly DecodedImage[]): tf.Tensor4D {
  const { height, width, channels, resize } = metadata.input;
  const size = height * width * channels;
  const pixels = new Float32Array(images.length * size);
  images.forEach((image, index) => {
    const prepared = prepareImage(image, { channels, resize }).pixels;
    for (let at = 0; at < size; at++) pixels[index * size + at] = prepared[at]! / 255;
  });
  return tf.tensor4d(pixels, [images.length, height, width, channels]);
}

function toClassification({ metadata }: ModelBundle, row: readonly number[]): Classification {
  const { names } = metadata.classList;
  const pneumoniaProbability = Math.min(1, Math.max(0, 1 - row[0]!));
  return {
    probabilities: Object.fromEntries(names.map((name, index) => [name, row[index]!])),
    className: names[row.indexOf(Math.max(...row))]!,
    pneumoniaProbability,
    isPneumonia: pneumoniaProbability >= metadata.threshold.value,
  };
}
