import * as tf from '@tensorflow/tfjs-core';
import {
  type Batch,
  checkWholeNumber,
  copiesOfBatches,
  type DecodedImage,
  decideClass,
  type Forward,
  type ImageWarning,
  InvalidArgumentError,
  imageWarnings,
  meansOfCopies,
  type OptionNames,
  type ProgressCallback,
  pneumoniaScore,
  prepareImage,
  refuseUnknownOptions,
  type TestTimeAugmentation,
  testTimeCopies,
  throwIfAborted,
  yieldToEventLoop,
} from 'xray-core';
import { distanceOf, readFamiliarity } from '../familiarity/familiarity.js';
import { featuresOf, lastFeatures } from '../familiarity/last-features.js';
import { checkProbabilities } from './check-probabilities.js';
import type { ModelBundle } from './model-bundle.js';

const OPTIONS: OptionNames<ClassifyOptions> = {
  batchSize: true,
  forward: true,
  mapBatches: true,
  signal: true,
  onProgress: true,
  testTimeAugmentation: true,
  ids: true,
};

/** What a bundle says about one image. */
export interface Classification {
  /** Probability of every class by name, in the order of the class list; sums to 1. */
  readonly probabilities: Readonly<Record<string, number>>;
  /** The class at the bundle's threshold: the negative one exactly where `isPneumonia` is false, else the most probable other. */
  readonly className: string;
  /** 1 - p(negative class), in `[0, 1]`. */
  readonly pneumoniaProbability: number;
  /** Whether that reaches the bundle's threshold. */
  readonly isPneumonia: boolean;
  /** What to doubt about the image, such as that its file says it is no frontal chest radiograph; mostly nothing. */
  readonly warnings: readonly ImageWarning[];
}

/** Options of `classify`. */
export interface ClassifyOptions {
  /** Images per forward pass. @default 8 */
  batchSize?: number | undefined;
  /** Runs the model instead of `model.predict`, as `fuse(model)` of `xray-wasm` does. @default the model's own */
  forward?: Forward | undefined;
  /**
   * Runs all batches elsewhere and gives their probabilities in the same order, as `mapBatches` of replicas of
   * `xray-train` does. The labels of these batches are zeros. @default on this thread
   */
  mapBatches?:
    | ((batches: AsyncIterable<Batch>) => AsyncIterable<{ readonly values: ArrayLike<number> }>)
    | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ProgressCallback | undefined;
  /** Gives each image the mean of the probabilities of changed copies of it. @default none */
  testTimeAugmentation?: TestTimeAugmentation | undefined;
  /** `[images]`, what the draws of `testTimeAugmentation` depend on. @default their places: '0', '1', … */
  ids?: readonly string[] | undefined;
}

/**
 * Classifies decoded images of any size: the bundle's own channel and resize rule is applied, then its model.
 *
 * @param images - 8 or 16 bits, gray or RGB.
 * @returns One result per image, in order.
 * @throws {BundleError} If the model gives something else than probabilities, such as NaN.
 * @throws {InvalidArgumentError} If `batchSize` is no whole number from 1 up, or there are more or fewer `ids` than images.
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
  refuseUnknownOptions('classify', options, OPTIONS);
  const { batchSize = 8, onProgress, forward } = options;
  const { mapBatches = (batches: AsyncIterable<Batch>) => runModel(bundle, batches, forward) } = options;
  checkWholeNumber('batchSize', batchSize);
  if (options.ids && options.ids.length !== images.length) {
    const expected = `${images.length} names, one for each image`;
    throw new InvalidArgumentError({ argument: 'ids', expected, received: options.ids.length });
  }
  const classes = bundle.metadata.classList.names.length;
  const results: Classification[] = [];
  const distances = await familiarityDistances(bundle, () => batchesOf(bundle, images, batchSize, options));
  const copies = options.testTimeAugmentation && testTimeCopies(options.testTimeAugmentation);
  const once = batchesOf(bundle, images, batchSize, options);
  const outputs = copies
    ? meansOfCopies(mapBatches(copiesOfBatches(once, copies)), copies)
    : mapBatches(once);
  for await (const { values } of outputs) {
    for (let start = 0; start < values.length; start += classes) {
      const row = Array.from({ length: classes }, (_, index) => values[start + index]!);
      checkProbabilities(row, results.length);
      results.push(toClassification(bundle, row, images[results.length]!, distances?.[results.length]));
    }
    onProgress?.({ type: 'predict', done: results.length, total: images.length });
    await yieldToEventLoop();
  }
  return results;
}

async function* runModel(
  { model }: ModelBundle,
  batches: AsyncIterable<Batch>,
  forward: Forward = (x) => model.predict(x) as tf.Tensor2D,
): AsyncGenerator<{ values: Float32Array }> {
  for await (const { images, labels } of batches) {
    const output = tf.tidy(() => forward(images, { training: false }));
    tf.dispose([images, labels]);
    const values = (await output.data()) as Float32Array;
    output.dispose();
    yield { values };
  }
}

/** The caller disposes the batches. */
async function* batchesOf(
  bundle: ModelBundle,
  images: readonly DecodedImage[],
  batchSize: number,
  { signal, ids = images.map((_, place) => String(place)) }: ClassifyOptions,
): AsyncGenerator<Batch> {
  for (let start = 0; start < images.length; start += batchSize) {
    throwIfAborted(signal, 'Classification');
    const part = images.slice(start, start + batchSize);
    yield {
      images: toTensor(bundle, part),
      labels: tf.zeros([part.length, bundle.metadata.classList.names.length]),
      ids: ids.slice(start, start + part.length),
    };
  }
}

function toTensor({ metadata }: ModelBundle, images: readonly DecodedImage[]): tf.Tensor4D {
  const { height, width, channels, resize, bitsStored } = metadata.input;
  const size = height * width * channels;
  const pixels = new Float32Array(images.length * size);
  images.forEach((image, index) => {
    const prepared = prepareImage(image, { channels, resize, bitsStored }).pixels;
    for (let at = 0; at < size; at++) pixels[index * size + at] = prepared[at]! / 255;
  });
  return tf.tensor4d(pixels, [images.length, height, width, channels]);
}

function toClassification(
  { metadata }: ModelBundle,
  row: readonly number[],
  image: DecodedImage,
  distance: number | undefined,
): Classification {
  const { names } = metadata.classList;
  const label = decideClass(row, metadata.threshold.value);
  return {
    probabilities: Object.fromEntries(names.map((name, index) => [name, row[index]!])),
    className: names[label]!,
    pneumoniaProbability: pneumoniaScore(row[0]!),
    isPneumonia: label > 0,
    warnings: [...imageWarnings(image, metadata.input), ...unfamiliar(metadata, distance)],
  };
}

function unfamiliar({ familiarity }: ModelBundle['metadata'], distance: number | undefined): ImageWarning[] {
  if (familiarity === undefined || distance === undefined || distance < familiarity.threshold) return [];
  const text =
    `looks unlike the images that the model was trained on: its distance is ${distance.toFixed(2)}, ` +
    `${100 * familiarity.share} % of other chest X-rays are below ${familiarity.threshold.toFixed(2)}`;
  return [{ kind: 'unfamiliar', text }];
}

/** How far each image lies from those of training; `undefined` where the bundle cannot tell. */
async function familiarityDistances(
  { model, metadata }: ModelBundle,
  batches: () => AsyncIterable<Batch>,
): Promise<number[] | undefined> {
  const features = metadata.familiarity && lastFeatures(model);
  if (!features || !metadata.familiarity) return undefined;
  const gaussian = readFamiliarity(metadata.familiarity);
  const size = gaussian.mean.length;
  const distances: number[] = [];
  for await (const { images, labels } of batches()) {
    try {
      const values = await featuresOf(features, images);
      for (let start = 0; start < values.length; start += size)
        distances.push(distanceOf(gaussian, values.subarray(start, start + size)));
    } finally {
      tf.dispose([images, labels]);
    }
  }
  return distances;
}
