import { input, type LayersModel, layers, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { type OptionNames, refuseUnknownOptions } from 'xray-core';
import { glorotUniform } from '../glorot-uniform.js';
import { checkImageShape, type ImageShape } from '../image-shape.js';
import { batchNormalization } from '../layers/batch-normalization.js';
import { withChannels } from '../with-channels.js';
import { type Pooling, withTop } from '../with-top.js';
import { type Branch, type Convolution, INCEPTION_BLOCKS } from './inception-blocks.js';

const OPTIONS: OptionNames<InceptionV3Options> = {
  imageShape: true,
  includeTop: true,
  pooling: true,
  classes: true,
  rescale: true,
  seed: true,
};

/** Options of `createInceptionV3`. */
export interface InceptionV3Options {
  /**
   * Shape of one image of a batch, at least 75x75. A gray image is repeated to three channels inside the graph. ImageNet
   * weights were trained at 299x299.
   *
   * @default [224, 224, 1]
   */
  imageShape?: ImageShape | undefined;
  /** Average pooling and a softmax layer over `classes` behind the last block. @default false */
  includeTop?: boolean | undefined;
  /** What the features are pooled by where there is no top. @default 'none' */
  pooling?: Pooling | undefined;
  /** Of the top, at least 2. @default 1000 */
  classes?: number | undefined;
  /**
   * Whether pixels in `[0, 1]` are brought to `[-1, 1]`, which ImageNet weights expect, inside the graph. The reference
   * study did not: `false` repeats that.
   *
   * @default true
   */
  rescale?: boolean | undefined;
  /** Seed of the initial weights. @default 0 */
  seed?: number | undefined;
}

/** Smallest height and width that leave a pixel after the last block. */
const MINIMUM_SIZE = 75;

/**
 * Builds InceptionV3, as in Keras: layers named as in Keras' weight files (`conv2d_1` to `94`,
 * `batch_normalization_1` to `94`, `mixed0` to `10`), batch norm without scale, epsilon 1e-3. 21,802,784 parameters
 * without top, 23,851,784 with it and 1,000 classes.
 *
 * - Input: float32 `[batch, height, width, channels]`, pixels in `[0, 1]`.
 * - Output: features float32 `[batch, h, w, 2048]` (5x5 for images of 224 pixels, 8x8 for 299), pooled ones
 *   `[batch, 2048]`, or with a top probabilities `[batch, classes]`.
 *
 * All layers train; `freeze` changes that. The caller owns the model.
 *
 * @throws {InvalidArgumentError} If the images are smaller than 75x75 or an option is out of range.
 *
 * @see Szegedy et al. 2015, https://arxiv.org/abs/1512.00567
 *
 * @example
 * const base = createInceptionV3({ imageShape: [224, 224, 1] });
 */
export function createInceptionV3(options: InceptionV3Options = {}): LayersModel {
  refuseUnknownOptions('createInceptionV3', options, OPTIONS);
  const { imageShape = [224, 224, 1], includeTop = false, pooling = 'none', classes = 1000 } = options;
  const { rescale = true, seed = 0 } = options;
  checkImageShape(imageShape, MINIMUM_SIZE);
  const counts = { convolution: 0, max: 0, average: 0, fork: 0 };

  function convolve(x: SymbolicTensor, [filters, height, width, stride]: Convolution, valid = stride === 2) {
    const number = ++counts.convolution;
    const convolution = layers.conv2d({
      filters,
      kernelSize: [height, width],
      strides: stride ?? 1,
      padding: valid ? 'valid' : 'same',
      useBias: false,
      kernelInitializer: glorotUniform(seed, `conv2d_${number}`),
      name: `conv2d_${number}`,
    });
    const normalization = batchNormalization({ scale: false, name: `batch_normalization_${number}` });
    const activation = layers.activation({ activation: 'relu', name: `activation_${number}` });
    return [convolution, normalization, activation].reduce(
      (value, layer) => layer.apply(value) as SymbolicTensor,
      x,
    );
  }

  function pool(x: SymbolicTensor, kind: 'average' | 'max'): SymbolicTensor {
    const number = ++counts[kind];
    const layer =
      kind === 'max'
        ? layers.maxPooling2d({ poolSize: 3, strides: 2, name: `max_pooling2d_${number}` })
        : layers.averagePooling2d({
            ...{ poolSize: 3, strides: 1, padding: 'same' },
            name: `average_pooling2d_${number}`,
          });
    return layer.apply(x) as SymbolicTensor;
  }

  function follow(x: SymbolicTensor, { pool: kind, convolutions, fork }: Branch, blockName: string) {
    const start = kind ? pool(x, kind) : x;
    const end = convolutions.reduce((value, convolution) => convolve(value, convolution), start);
    if (!fork) return end;
    const sides = fork.map((convolution) => convolve(end, convolution));
    return join(sides, `${blockName}_fork_${++counts.fork}`);
  }

  const image = input({ shape: [...imageShape], name: 'image' });
  let x = withChannels(image, 3);
  if (rescale) x = layers.rescaling({ scale: 2, offset: -1, name: 'rescaling' }).apply(x) as SymbolicTensor;
  x = convolve(x, [32, 3, 3, 2]);
  x = convolve(x, [32, 3, 3], true);
  x = convolve(x, [64, 3, 3]);
  x = pool(x, 'max');
  x = convolve(x, [80, 1, 1], true);
  x = convolve(x, [192, 3, 3], true);
  x = pool(x, 'max');
  for (const { name, branches } of INCEPTION_BLOCKS) {
    const features = x;
    x = join(
      branches.map((branch) => follow(features, branch, name)),
      name,
    );
  }
  const outputs = withTop(x, { includeTop, pooling, classes, seed });
  return model({ inputs: image, outputs, name: 'inception_v3' });
}

function join(parts: SymbolicTensor[], name: string): SymbolicTensor {
  return layers.concatenate({ name }).apply(parts) as SymbolicTensor;
}
