// Random small image classifiers with everything that fuse() joins or must leave alone.
import * as tf from '@tensorflow/tfjs-core';
import { input, type LayersModel, layers, model as createModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Random } from 'xray-core';

/** A model of blocks of convolution, batch norm, ReLU and pooling, in random order and with random branches. */
export function randomModel(random: Random, imageShape: [number, number, number], batchNorm: boolean): LayersModel {
  const image = input({ shape: imageShape });
  let x = image as SymbolicTensor;
  for (let block = random.integer(2, 5); block > 0; block--) {
    const branches = Array.from({ length: random.integer(1, 3) }, () => convolution(random, x, batchNorm));
    const isSameSize = branches.every(({ shape }) => shape.slice(1, 3).join() === branches[0]!.shape.slice(1, 3).join());
    // A second reader of the same value must keep it from being joined with the next layer.
    if (branches.length > 1 && isSameSize) x = layers.concatenate().apply(branches) as SymbolicTensor;
    else x = branches[0]!;
  }
  const features = layers.globalAveragePooling2d({}).apply(x) as SymbolicTensor;
  const outputs = layers.dense({ units: 2, activation: 'softmax' }).apply(features) as SymbolicTensor;
  const model = createModel({ inputs: image, outputs });
  model.setWeights(
    model.weights.map(({ shape, originalName }) => {
      const isVariance = originalName.endsWith('moving_variance');
      const values = Float32Array.from({ length: tf.util.sizeFromShape(shape as number[]) }, () =>
        isVariance ? random.uniform(0.5, 2) : random.uniform(-0.6, 0.6),
      );
      return tf.tensor(values, shape as number[]);
    }),
  );
  return model;
}

function convolution(random: Random, from: SymbolicTensor, batchNorm: boolean): SymbolicTensor {
  const pick = <T>(...choices: T[]): T => choices[random.integer(0, choices.length)]!;
  const activation = pick('relu', 'linear', 'linear', 'tanh') as 'relu';
  const settings = {
    kernelSize: pick(1, 2, 3),
    strides: isLarge(from) ? pick(1, 1, 1, 2) : 1,
    padding: isLarge(from) ? pick('same', 'same', 'valid') : 'same',
    useBias: pick(true, true, false),
    activation,
  } as const;
  const layer = pick(true, true, false)
    ? layers.conv2d({ filters: pick(3, 4, 8), ...settings })
    : layers.depthwiseConv2d({ depthMultiplier: pick(1, 2), ...settings });
  let x = layer.apply(from) as SymbolicTensor;
  const shared = pick(false, false, false, true) ? x : undefined;
  if (batchNorm && pick(true, false)) {
    x = layers.batchNormalization({ scale: pick(true, false), center: pick(true, false) }).apply(x) as SymbolicTensor;
  }
  x = pick<(value: SymbolicTensor) => SymbolicTensor>(
    (value) => layers.reLU().apply(value) as SymbolicTensor,
    (value) => layers.activation({ activation: 'relu' }).apply(value) as SymbolicTensor,
    (value) => layers.reLU({ maxValue: 6 }).apply(value) as SymbolicTensor,
    (value) => layers.activation({ activation: 'relu6' }).apply(value) as SymbolicTensor,
    (value) => layers.reLU({ maxValue: 0.5 }).apply(value) as SymbolicTensor,
    (value) => value,
  )(x);
  if (shared && shared !== x) x = layers.add().apply([x, shared]) as SymbolicTensor;
  if (!isLarge(x)) return x;
  return pick<(value: SymbolicTensor) => SymbolicTensor>(
    (value) => layers.maxPooling2d({ poolSize: 2, padding: pick('valid', 'valid', 'same') }).apply(value) as SymbolicTensor,
    (value) => layers.maxPooling2d({ poolSize: 3, strides: 1, padding: 'same' }).apply(value) as SymbolicTensor,
    (value) => value,
  )(x);
}

const isLarge = ({ shape }: SymbolicTensor) => Math.min(shape[1]!, shape[2]!) >= 6;
