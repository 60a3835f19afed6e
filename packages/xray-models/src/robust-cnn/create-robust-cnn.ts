import { input, type LayersModel, layers, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { InvalidArgumentError, type OptionNames, refuseUnknownOptions } from 'xray-core';
import { glorotUniform } from '../glorot-uniform.js';
import { checkImageShape, type ImageShape } from '../image-shape.js';
import { batchNormalization } from '../layers/batch-normalization.js';
import { dropout } from '../layers/dropout.js';
import { layerNormalization } from '../layers/layer-normalization.js';

const OPTIONS: OptionNames<RobustCnnOptions> = {
  classes: true,
  imageShape: true,
  filters: true,
  standardize: true,
  dropoutRate: true,
  seed: true,
};

/** Options of `createRobustCnn`. Every field has a default, so `createRobustCnn()` works. */
export interface RobustCnnOptions {
  /** Number of classes, at least 2; the model gives one probability for each. @default 2 */
  classes?: number | undefined;
  /** Shape of one image of a batch. @default [96, 96, 1] */
  imageShape?: ImageShape | undefined;
  /**
   * Filters of each block; the length sets the depth. Every block halves height and width.
   *
   * @default [32, 48, 96, 128, 192]
   */
  filters?: readonly number[] | undefined;
  /** Whether each image is brought to mean 0 and standard deviation 1 inside the graph. @default true */
  standardize?: boolean | undefined;
  /** Share of features dropped before the last layer while training, in `[0, 1)`. @default 0.3 */
  dropoutRate?: number | undefined;
  /** Seed of the initial weights and of the dropout masks. @default 0 */
  seed?: number | undefined;
}

/** Added to the variance of an image: a twentieth of what rounding to 8 bits adds, so that dim images are not held back. */
const STANDARDIZATION_EPSILON = 1e-7;

/**
 * Builds the network of the `robust` recipe, whose answer does not depend on how bright or how contrasted an image is: each
 * image is brought to mean 0 and standard deviation 1 inside the graph, then come blocks of convolution 3x3 (same), batch
 * norm, ReLU and max pool 2x2, global average pooling, dropout and a softmax layer. With the defaults it has 389,730
 * parameters, of which 388,738 train.
 *
 * - Input: float32 `[batch, height, width, channels]`, pixels in `[0, 1]`.
 * - Output: float32 `[batch, classes]`, probabilities.
 *
 * Shapes with the defaults: 48x48x32 → 24x24x48 → 12x12x96 → 6x6x128 → 3x3x192 → 192 → classes. The standardization is a
 * stock `LayerNormalization` over height, width and channels without weights, so plain TensorFlow.js and Keras load it. The
 * model comes back uncompiled; the caller owns it and calls `model.dispose()`.
 *
 * @throws {InvalidArgumentError} If the images are too small for the number of blocks, or an option is out of range.
 *
 * @see Ioffe & Szegedy 2015, https://arxiv.org/abs/1502.03167 (batch norm)
 * @see Lin et al. 2013, https://arxiv.org/abs/1312.4400 (global average pooling)
 *
 * @example
 * const model = createRobustCnn({ imageShape: [128, 128, 1], classes: 3, seed: 7 });
 */
export function createRobustCnn(options: RobustCnnOptions = {}): LayersModel {
  refuseUnknownOptions('createRobustCnn', options, OPTIONS);
  const { classes = 2, imageShape = [96, 96, 1], filters = [32, 48, 96, 128, 192] } = options;
  const { standardize = true, dropoutRate = 0.3, seed = 0 } = options;
  checkOptions(classes, filters);
  checkImageShape(imageShape, 2 ** filters.length);

  const image = input({ shape: [...imageShape], name: 'image' });
  let x = standardize ? standardized(image) : image;
  filters.forEach((filterCount, index) => {
    const name = `block${index + 1}`;
    for (const layer of [
      layers.conv2d({
        filters: filterCount,
        kernelSize: 3,
        padding: 'same',
        useBias: false,
        kernelInitializer: glorotUniform(seed, `${name}_conv`),
        name: `${name}_conv`,
      }),
      batchNormalization({ momentum: 0.9, epsilon: 1e-5, name: `${name}_norm` }),
      layers.reLU({ name: `${name}_relu` }),
      layers.maxPooling2d({ poolSize: 2, name: `${name}_pool` }),
    ]) {
      x = layer.apply(x) as SymbolicTensor;
    }
  });
  x = layers.globalAveragePooling2d({ name: 'average' }).apply(x) as SymbolicTensor;
  x = dropout({ rate: dropoutRate, seed, name: 'dropout' }).apply(x) as SymbolicTensor;
  const probabilities = layers
    .dense({
      units: classes,
      activation: 'softmax',
      kernelInitializer: glorotUniform(seed, 'probabilities'),
      name: 'probabilities',
    })
    .apply(x) as SymbolicTensor;
  return model({ inputs: image, outputs: probabilities, name: 'robust_cnn' });
}

function standardized(image: SymbolicTensor): SymbolicTensor {
  return layerNormalization({
    axis: [1, 2, 3],
    center: false,
    scale: false,
    epsilon: STANDARDIZATION_EPSILON,
    name: 'standardization',
  }).apply(image) as SymbolicTensor;
}

function checkOptions(classes: number, filters: readonly number[]): void {
  if (!Number.isSafeInteger(classes) || classes < 2) {
    throw new InvalidArgumentError({
      argument: 'classes',
      expected: 'an integer of at least 2',
      received: classes,
    });
  }
  if (filters.length === 0 || !filters.every((count) => Number.isSafeInteger(count) && count > 0)) {
    throw new InvalidArgumentError({
      argument: 'filters',
      expected: 'a list of positive integers, one per block',
      received: filters,
    });
  }
}
