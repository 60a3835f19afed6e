import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import {
  type ClassList,
  InvalidArgumentError,
  type OptionNames,
  type ResizeRule,
  refuseUnknownOptions,
} from 'xray-core';
import { BundleError, type BundleMetadata, NOT_A_MEDICAL_DEVICE } from '../bundle/bundle-metadata.js';
import { checkMetadata } from '../bundle/check-metadata.js';
import { checkProbabilities } from '../bundle/check-probabilities.js';
import type { ModelBundle } from '../bundle/model-bundle.js';
import { readModel } from '../bundle/read-model.js';
import { inputOf } from '../transfer/trace-graph.js';
import { completeWeights } from '../weights/complete-weights.js';
import { adaptModel, type PixelValues } from './adapt-model.js';
import { classesOf, type Labels, readLabels } from './labels.js';

const OPTIONS: OptionNames<ImportOptions> = {
  labels: true,
  classList: true,
  imageSize: true,
  fit: true,
  logits: true,
  threshold: true,
  architecture: true,
  license: true,
  notice: true,
  inputRange: true,
  normalization: true,
};

/** Options of `importModel`. */
export interface ImportOptions extends PixelValues {
  /**
   * The label of each output, in their order: a list, or the text of a file that holds it (`metadata.json` of Teachable
   * Machine, `class_indices` of Keras as JSON, a label a line). A model with one sigmoid output takes the one label whose
   * probability that is: `['pneumonia']`, which in Keras is the class of index 1.
   */
  labels: string | readonly string[];
  /** Classes to give probabilities of. @default those of this package if the labels say so, or the labels, the normal one first */
  classList?: ClassList | undefined;
  /** Height and width of images, pixels. Required where the model takes any. @default what the model takes */
  imageSize?: readonly [height: number, width: number] | undefined;
  /** How images become that large. @default 'cover' for Teachable Machine, which cuts the middle out, 'fill' for others */
  fit?: ResizeRule['fit'] | undefined;
  /** Whether the model gives logits instead of probabilities. @default false */
  logits?: boolean | undefined;
  /** @default 0.5, by the rule 'half' */
  threshold?: BundleMetadata['threshold'] | undefined;
  /** @default the name of the model */
  architecture?: string | undefined;
  /** SPDX identifier of the weights' licence. @default 'NOASSERTION' */
  license?: string | undefined;
  /** What readers must know. @default that it is no medical device */
  notice?: string | undefined;
}

/** A bundle made of a model of somebody else. */
export interface ImportedBundle extends ModelBundle {
  /** What was taken for granted or declared about size, pixels, classes and threshold, a sentence each. Also in `metadata.training`. */
  readonly assumptions: readonly string[];
}

/**
 * Makes a bundle of a model that this package did not make: a plain TensorFlow.js layers model, an export of Teachable Machine, or
 * what `loadKerasModel` read. The values of pixels and the order of classes that it wants go into its graph, as
 * `adaptModel` does.
 *
 * @param source - A model, which is used up, or where to load one from, such as `modelFolder(path)` of `xray-node-gpu`.
 *   Loaded models get the batch norm and dropout of this package, with which `train` of `xray-train` works.
 * @returns For `saveBundle`, `classify` and evaluation. The caller disposes its model.
 * @throws {InvalidArgumentError} If the range of pixels is not declared, labels do not fit the outputs, or the size of images is not
 *   known.
 * @throws {BundleError} If it is a bundle already, no layers model, gives no probabilities, or metadata are out of range.
 *
 * @example
 * const labels = await readFile('teachable-machine/metadata.json', 'utf8');
 * const bundle = await importModel(modelFolder('teachable-machine'), { labels });
 * console.log(bundle.assumptions.join('\n'));
 * await saveBundle(bundle, modelFolder('bundle'));
 */
export async function importModel(
  source: LayersModel | tf.io.IOHandler,
  options: ImportOptions,
): Promise<ImportedBundle> {
  refuseUnknownOptions('importModel', options, OPTIONS);
  const labels = readLabels(options.labels);
  const values = pixelValuesOf(options, labels);
  const given = isModel(source) ? source : await load(source);
  let model: LayersModel | undefined;
  try {
    const { classList, outputs } = classesOf(labels.names, options.classList);
    const input = inputSizeOf(given, options, labels);
    model = adaptModel(given, { classList, outputs, ...values, logits: options.logits });
    const { threshold = { value: 0.5, rule: 'half' } } = options;
    const assumptions = [
      ...describeInput(input, options, labels),
      describeValues(values, options),
      describeOutputs(labels.names, outputs, classList),
      `Pneumonia is called from ${threshold.value} on${options.threshold ? '' : ': nothing was chosen on images'}.`,
    ];
    const metadata: BundleMetadata = {
      architecture: options.architecture ?? model.name,
      classList,
      input,
      threshold,
      training: { imported: true, assumptions },
      metrics: {},
      license: options.license ?? 'NOASSERTION',
      notice: options.notice ?? NOT_A_MEDICAL_DEVICE,
    };
    checkMetadata(metadata, model);
    await tryModel(model, metadata);
    return { model, metadata, assumptions };
  } catch (error) {
    if (model) model.dispose();
    else if (given !== source) given.dispose();
    throw error;
  }
}

const isModel = (source: LayersModel | tf.io.IOHandler): source is LayersModel => 'predict' in source;

async function load(handler: tf.io.IOHandler): Promise<LayersModel> {
  if (handler.load === undefined)
    throw new BundleError('cannot be loaded from there', 'The handler only saves.');
  const artifacts = await handler.load();
  if (artifacts.userDefinedMetadata?.xray)
    throw new BundleError('is one already', 'Load it with `loadBundle`.');
  const { modelTopology } = artifacts;
  if (!modelTopology || 'node' in modelTopology)
    throw new BundleError(
      'cannot be made of a graph model',
      'Take the model as layers, or its features as the base of a new one with `loadGraphFeatures`.',
    );
  return readModel(artifacts, completeWeights(artifacts));
}

function pixelValuesOf({ inputRange, normalization }: ImportOptions, labels: Labels): PixelValues {
  if (inputRange || normalization) return { inputRange, normalization };
  return labels.teachableMachineSide === undefined ? {} : { inputRange: [-1, 1] };
}

function inputSizeOf(model: LayersModel, options: ImportOptions, labels: Labels): BundleMetadata['input'] {
  const [, ...own] = inputOf(model).shape;
  const side = labels.teachableMachineSide;
  const [height, width] = own.slice(0, 2).map((size, axis) => options.imageSize?.[axis] ?? size ?? side);
  if (height === undefined || width === undefined) {
    throw new InvalidArgumentError({
      argument: 'imageSize',
      expected: 'the [height, width] of the images the model was trained on, because it takes any',
      received: options.imageSize,
    });
  }
  const fit = options.fit ?? (side === undefined ? 'fill' : 'cover');
  return { height, width, channels: own[2] as 1 | 3, resize: { height, width, fit } };
}

const FITS = {
  fill: 'stretched to it',
  contain: 'with black around them where their shape differs',
  cover: 'the middle of them where their shape differs',
} as const;

function describeInput(
  { height, width, channels, resize }: BundleMetadata['input'],
  options: ImportOptions,
  labels: Labels,
): string[] {
  const fit = resize.fit ?? 'fill';
  const why = options.fit
    ? 'as declared'
    : labels.teachableMachineSide
      ? 'as Teachable Machine does'
      : 'as assumed';
  const size = options.imageSize ? 'as declared' : 'as the model says';
  return [
    `Images become ${height}x${width} pixels (height x width), ${channels === 1 ? 'gray' : 'RGB'}, ${size}: ${FITS[fit]}, ${why}.`,
  ];
}

function describeValues({ inputRange, normalization }: PixelValues, options: ImportOptions): string {
  if (normalization)
    return `Pixels from 0 to 1 have mean ${normalization.mean.join(', ')} taken off and are divided by ${normalization.std.join(', ')}, as declared.`;
  const [low, high] = inputRange!;
  return `Black is ${low} and white is ${high} to the model, as ${options.inputRange ? 'declared' : 'Teachable Machine has it'}.`;
}

function describeOutputs(
  labels: readonly string[],
  outputs: readonly string[],
  { names }: ClassList,
): string {
  const pairs = labels.map((label, at) => (label === outputs[at] ? label : `${label} (${outputs[at]})`));
  const what =
    pairs.length === 1
      ? `Its one output is the probability of ${pairs[0]}`
      : `Its outputs are ${pairs.join(', ')}`;
  return `${what}; classes are ${names.join(', ')}, ${names[0]} the negative one.`;
}

/** A black, a gray and a white image tell logits from probabilities. */
async function tryModel(model: LayersModel, { input, classList }: BundleMetadata): Promise<void> {
  const { height, width, channels } = input;
  const classes = classList.names.length;
  const outputs = tf.tidy(() => {
    const levels = [0, 0.5, 1].map((level) => tf.fill([1, height, width, channels], level));
    return model.predict(tf.concat(levels)) as tf.Tensor2D;
  });
  const values = await outputs.data();
  outputs.dispose();
  for (let image = 0; image < 3; image++)
    checkProbabilities(Array.from(values.slice(image * classes, (image + 1) * classes)), image);
}
