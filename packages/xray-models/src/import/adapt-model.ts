import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  type LayersModel,
  layers,
  model as modelOf,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import { type ClassList, InvalidArgumentError, type OptionNames, refuseUnknownOptions } from 'xray-core';
import { batchNormalization } from '../layers/batch-normalization.js';
import { inputOf, outputOf, rebuildFlat } from '../transfer/trace-graph.js';
import { selectOutputs } from './select-outputs.js';

const OPTIONS: OptionNames<AdaptOptions> = {
  classList: true,
  outputs: true,
  logits: true,
  inputRange: true,
  normalization: true,
};

/** Values of pixels that a model was trained on. One of the two has to be given; nothing is assumed. */
export interface PixelValues {
  /**
   * What black and white are to the model: `[0, 1]` where images were divided by 255, `[-1, 1]` for Teachable Machine and for
   * Keras' InceptionV3, Xception and MobileNets, `[0, 255]` for EfficientNets and models that begin with a `Rescaling` layer.
   */
  inputRange?: readonly [low: number, high: number] | undefined;
  /**
   * Instead of a range: what is taken off pixels in `[0, 1]`, and what they are divided by then; for each channel, or one number
   * for all. Models of torchvision want mean `[0.485, 0.456, 0.406]` and std `[0.229, 0.224, 0.225]`.
   */
  normalization?: { readonly mean: readonly number[]; readonly std: readonly number[] } | undefined;
}

/** Options of `adaptModel`. */
export interface AdaptOptions extends PixelValues {
  /** Classes that the result gives probabilities of, in its order. */
  classList: ClassList;
  /**
   * The class of each output of the model, in the order of its outputs. A model with one sigmoid output names the class
   * whose probability that is, such as `['pneumonia']`; the other class gets the rest.
   */
  outputs: readonly string[];
  /** Whether the model gives logits: softmax, or sigmoid behind one output, is put behind it. @default false */
  logits?: boolean | undefined;
}

/**
 * Puts what a model of somebody else wants and gives into its graph: the result takes float32
 * `[batch, height, width, channels]` in `[0, 1]` and gives a probability for each class of the list, in its order, as every
 * model of this package does. It can be saved as a bundle, classified with, evaluated and trained.
 *
 * All layers that are added are stock layers of TensorFlow.js and never train.
 *
 * @param model - With one input and one output `[batch, outputs]`. Used up: its layers belong to the result.
 * @returns Flat, also where the model has models in it, with the names of its layers. The caller owns it.
 * @throws {InvalidArgumentError} If neither or both of `inputRange` and `normalization` are given or out of range, the input is no
 *   image of 1 or 3 channels, or `outputs` are not the classes of the list; the model is then as it was.
 *
 * @example
 * const keras = await loadKerasModel(await readFileBytes('pneumonia.h5')); // ends with Dense(1, activation='sigmoid')
 * const model = adaptModel(keras, { classList: NORMAL_PNEUMONIA, outputs: ['pneumonia'], inputRange: [0, 1] });
 */
export function adaptModel(model: LayersModel, options: AdaptOptions): LayersModel {
  refuseUnknownOptions('adaptModel', options, OPTIONS);
  const image = inputOf(model);
  const shape = image.shape.slice(1);
  const channels = shape[2];
  if (shape.length !== 3 || (channels !== 1 && channels !== 3)) {
    throw new InvalidArgumentError({
      argument: 'model',
      expected: 'one that takes images [batch, height, width, channels] of 1 or 3 channels',
      received: image.shape,
    });
  }
  checkOutputNames(model, options);
  const scaling = scalingOf(options, channels);
  const names = freeNames(model);
  const start = input({ shape, name: names('image') });
  const scaled = applyScaling(start, scaling, names);
  let output = rebuildFlat(outputOf(model), new Map([[image, scaled]]));
  const activation = options.outputs.length === 1 ? 'sigmoid' : 'softmax';
  if (options.logits) {
    output = layers.activation({ activation, name: names(activation) }).apply(output) as SymbolicTensor;
  }
  const probabilities = selectOutputs(output, options, names);
  const result = modelOf({ inputs: start, outputs: probabilities, name: model.name });
  model.dispose(); // its layers count two users
  return result;
}

function checkOutputNames(model: LayersModel, { classList, outputs }: AdaptOptions): void {
  const { names } = classList;
  const shape = outputOf(model).shape;
  const known = outputs.every((name) => names.includes(name)) && new Set(outputs).size === outputs.length;
  const covers = outputs.length === names.length || (outputs.length === 1 && names.length === 2);
  if (!known || !covers) {
    throw new InvalidArgumentError({
      argument: 'outputs',
      expected: `the classes ${names.join(', ')} in the order of the model's outputs${names.length === 2 ? ', or the one class that its only output is the probability of' : ''}`,
      received: outputs,
    });
  }
  if (shape.length === 2 && shape[1] === outputs.length) return;
  throw new InvalidArgumentError({
    argument: 'outputs',
    expected: `a class for each output of the model, which gives [batch, ${shape.slice(1).join(', ')}]`,
    received: outputs,
    ...(shape[1] === 1 && { fix: "Name the one class whose probability it is, such as `['pneumonia']`." }),
  });
}

/** `x * scale + offset` for all channels, or a mean and a standard deviation for each. */
type Scaling = { scale: number; offset: number } | { mean: readonly number[]; std: readonly number[] };

function scalingOf({ inputRange, normalization }: PixelValues, channels: number): Scaling {
  if ((inputRange === undefined) === (normalization === undefined)) {
    throw new InvalidArgumentError({
      argument: 'inputRange',
      expected:
        'the values that the model was trained to see black and white as (or `normalization` instead)',
      received: inputRange,
      fix: '[0, 1] where images were divided by 255, [-1, 1] for Teachable Machine, InceptionV3, Xception and MobileNet, [0, 255] for EfficientNet and models that begin with Rescaling.',
    });
  }
  if (inputRange) {
    const [low, high] = inputRange;
    if (inputRange.length === 2 && Number.isFinite(low) && Number.isFinite(high) && low !== high)
      return { scale: high - low, offset: low };
    const expected = 'the values of black and white, such as [-1, 1]';
    throw new InvalidArgumentError({ argument: 'inputRange', expected, received: inputRange });
  }
  const { mean, std } = normalization!;
  const isList = (list: unknown): list is readonly number[] =>
    Array.isArray(list) && (list.length === 1 || list.length === channels) && list.every(Number.isFinite);
  if (!isList(mean) || !isList(std) || !std.every((value) => value > 0)) {
    throw new InvalidArgumentError({
      argument: 'normalization',
      expected: `mean and std of pixels in [0, 1], 1 or ${channels} numbers each, std above 0`,
      received: normalization,
    });
  }
  if (mean.length === 1 && std.length === 1) return { scale: 1 / std[0]!, offset: -mean[0]! / std[0]! };
  const each = (list: readonly number[]) => Array.from({ length: channels }, (_, at) => list[at] ?? list[0]!);
  return { mean: each(mean), std: each(std) };
}

function applyScaling(
  image: SymbolicTensor,
  scaling: Scaling,
  names: (name: string) => string,
): SymbolicTensor {
  if ('scale' in scaling) {
    if (scaling.scale === 1 && scaling.offset === 0) return image;
    return layers.rescaling({ ...scaling, name: names('rescaling') }).apply(image) as SymbolicTensor;
  }
  const name = names('normalization');
  const layer = batchNormalization({ scale: false, center: false, epsilon: 0, trainable: false, name });
  const scaled = layer.apply(image) as SymbolicTensor;
  tf.tidy(() => {
    layer.setWeights([tf.tensor1d([...scaling.mean]), tf.square(tf.tensor1d([...scaling.std]))]);
  });
  return scaled;
}

/** Gives names that are free; layers of models within the model get new ones where theirs are taken. */
function freeNames(model: LayersModel): (name: string) => string {
  const taken = new Set<string>();
  const free = (wanted: string) => {
    let name = wanted;
    for (let count = 1; taken.has(name); count++) name = `${wanted}_${count}`;
    taken.add(name);
    return name;
  };
  const seen = new Set<layers.Layer>();
  const visit = (layer: layers.Layer): void => {
    if (seen.has(layer)) return;
    seen.add(layer);
    if ('layers' in layer) (layer as LayersModel).layers.forEach(visit);
    else if (layer.getClassName() !== 'InputLayer') layer.name = free(layer.name);
  };
  visit(model);
  return free;
}
