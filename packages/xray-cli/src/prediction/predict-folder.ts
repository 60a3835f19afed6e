import type { ImageWarning, ProgressEvent, TestTimeAugmentation } from 'xray-core';
import { decodeImageFile } from 'xray-dataset/node';
import { classify, type ModelBundle } from 'xray-models';
import type { Device } from 'xray-node-gpu';
import type { Replicas } from 'xray-train';
import type { ImageOptions } from '../data/image-options.js';
import { fastForward, withReplicas } from '../devices/workers.js';
import { findImages } from './find-images.js';
import { openBundle } from './open-bundle.js';

/** Images that are decoded before the model gets them, and the most that are classified without workers. */
const CHUNK = 64;

/** What a model says about one file. */
export interface PredictedImage {
  /** Path as it was given or found. */
  readonly file: string;
  /** The class at the model's threshold. */
  readonly className: string;
  /** Class name → probability in [0, 1]. */
  readonly probabilities: Readonly<Record<string, number>>;
  readonly isPneumonia: boolean;
  /** What is to doubt about the image, such as a DICOM file that says it shows a hip. */
  readonly warnings: readonly ImageWarning[];
}

/** What `predictFolder` tells while it runs. */
export type PredictEvent =
  | ProgressEvent
  | { readonly type: 'prediction'; readonly prediction: PredictedImage }
  /** A file that could not be read, with `onBadImage: 'skip'`. */
  | { readonly type: 'skipped'; readonly file: string; readonly reason: string };

/** Options of `predictFolder`. */
export interface PredictOptions extends ImageOptions {
  /** Where it computes, from `selectDevice` of `xray-node-gpu`. The caller disposes it. */
  readonly device: Device;
  /** Image files, folders (searched to any depth) and patterns such as `scans/*.dcm`. */
  readonly images: readonly string[];
  /** Run or model folders, several for the mean of several models. @default the trained model of `xray-model-pneumonia` */
  readonly models?: readonly string[] | undefined;
  /** Averages over changed copies of every image. @default none */
  readonly testTimeAugmentation?: TestTimeAugmentation | undefined;
  /** Most memory of each worker's device, in MiB. @default no limit */
  readonly memoryLimit?: number | undefined;
  /** What to do about images that cannot be read. @default 'fail' */
  readonly onBadImage?: 'fail' | 'skip' | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Receives progress and sentences in order. An error thrown here stops the work. */
  readonly onEvent?: ((event: PredictEvent) => void) | undefined;
}

/** What a model says about files. */
export interface PredictResult {
  /** In the order of the files. */
  readonly predictions: readonly PredictedImage[];
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
  /** In the order of the model's outputs. */
  readonly classNames: readonly string[];
  /** What the reader must know about the model. */
  readonly notice: string;
}

/**
 * Classifies image files with a saved model. It prints nothing.
 *
 * @throws {InvalidArgumentError} If there are no images.
 * @throws {FileError} If the model, or an image with `onBadImage: 'fail'`, cannot be read.
 * @throws {AbortedError} Once `signal` has fired.
 *
 * @example
 * const { predictions } = await predictFolder({ device, images: ['./scans'] });
 */
export async function predictFolder(options: PredictOptions): Promise<PredictResult> {
  const files = await findImages(options.images);
  const bundle = withBits(await openBundle(options.models), options.bitsStored);
  const { device, memoryLimit, signal } = options;
  try {
    const workers = files.length > CHUNK ? device.workers : 1; // a few images are done before workers have started
    const found = await withReplicas(bundle.model, { device, workers, memoryLimit, signal }, (replicas) =>
      predictFiles(bundle, files, replicas, options),
    );
    const { classList, notice } = bundle.metadata;
    return { ...found, classNames: classList.names, notice };
  } finally {
    bundle.model.dispose();
  }
}

async function predictFiles(
  bundle: ModelBundle,
  files: readonly string[],
  replicas: Replicas | undefined,
  options: PredictOptions,
): Promise<Pick<PredictResult, 'predictions' | 'skipped'>> {
  const { device, testTimeAugmentation, signal, onEvent } = options;
  const forward = fastForward(bundle.model, device);
  const predictions: PredictedImage[] = [];
  const skipped: { file: string; reason: string }[] = [];
  for (let start = 0; start < files.length; start += CHUNK) {
    const chunk = files.slice(start, start + CHUNK);
    const readable = await readAll(chunk, bundle, options, (file, reason) => {
      skipped.push({ file, reason });
      onEvent?.({ type: 'skipped', file, reason });
    });
    const results = await classify(
      bundle,
      readable.map(({ image }) => image),
      {
        signal,
        forward,
        testTimeAugmentation,
        ids: readable.map(({ file }) => file),
        mapBatches: replicas && ((batches) => replicas.mapBatches(batches)),
      },
    );
    results.forEach(({ className, probabilities, isPneumonia, warnings }, index) => {
      const prediction = { file: readable[index]!.file, className, probabilities, isPneumonia, warnings };
      predictions.push(prediction);
      onEvent?.({ type: 'prediction', prediction });
    });
    onEvent?.({ type: 'predict', done: start + chunk.length, total: files.length });
  }
  return { predictions, skipped };
}

async function readAll(
  files: readonly string[],
  { metadata }: ModelBundle,
  { frame, maxPixels, onBadImage = 'fail' }: PredictOptions,
  onSkipped: (file: string, reason: string) => void,
) {
  const rule = metadata.input.resize;
  const decoded = await Promise.allSettled(
    files.map((file) => decodeImageFile(file, { rule, frame, maxPixels })),
  );
  return files.flatMap((file, index) => {
    const result = decoded[index]!;
    if (result.status === 'fulfilled') return [{ file, image: result.value }];
    if (onBadImage === 'fail') throw result.reason;
    onSkipped(file, result.reason instanceof Error ? result.reason.message : String(result.reason));
    return [];
  });
}

/** The bundle with other bits of 16-bit images than it says, if any are given. */
function withBits(bundle: ModelBundle, bitsStored: number | undefined): ModelBundle {
  if (bitsStored === undefined) return bundle;
  const { metadata } = bundle;
  return { ...bundle, metadata: { ...metadata, input: { ...metadata.input, bitsStored } } };
}
