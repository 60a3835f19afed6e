import { input, type LayersModel, layers, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { InvalidArgumentError, type OptionNames, refuseUnknownOptions } from 'xray-core';
import { glorotUniform } from '../glorot-uniform.js';
import { checkImageShape } from '../image-shape.js';
import { dropout } from '../layers/dropout.js';
import { withChannels } from '../with-channels.js';
import type { CnnOptions } from './cnn-options.js';

const OPTIONS: OptionNames<CnnOptions> = {
  classes: true,
  imageShape: true,
  channels: true,
  filters: true,
  dropoutRate: true,
  seed: true,
};

/**
 * Builds the convolutional network of the reference study: blocks of conv 3x3 (valid, ReLU) and max pool 2x2,
 * then flatten, dropout and a softmax layer. With the defaults it has 266,306 parameters for two classes and
 * 352,835 for three.
 *
 * - Input: float32 `[batch, height, width, channels]`, pixels in `[0, 1]`.
 * - Output: float32 `[batch, classes]`, probabilities.
 *
 * Shapes with the defaults: 222x222x32 → 111x111x32 → 109x109x64 → 54x54x64 → 52x52x128 → 26x26x128 → 86,528 →
 * classes. The model comes back uncompiled: loss and optimizer belong to the training. The caller owns it and
 * calls `model.dispose()`.
 *
 * @throws {InvalidArgumentError} If the images are too small for the number of blocks, or an option is out of range.
 *
 * @see Simonyan & Zisserman 2014, https://arxiv.org/abs/1409.1556 (stacked 3x3 convolutions)
 * @see Srivastava et al. 2014, https://jmlr.org/papers/v15/srivastava14a.html (dropout)
 *
 * @example
 * const model = createCnn({ classes: 3, seed: 7 });
 */
export function createCnn(options: CnnOptions = {}): LayersModel {
  refuseUnknownOptions('createCnn', options, OPTIONS);
  const {
    classes = 2,
    imageShape = [224, 224, 1],
    channels = 3,
    filters = [32, 64, 128],
    dropoutRate = 0.2,
    seed = 0,
  } = options;
  checkOptions(classes, filters);
  checkImageShape(imageShape, minimumSize(filters.length));

  const image = input({ shape: [...imageShape], name: 'image' });
  let x = withChannels(image, channels);
  filters.forEach((filterCount, index) => {
    const name = `block${index + 1}`;
    x = layers
      .conv2d({
        filters: filterCount,
        kernelSize: 3,
        activation: 'relu',
        kernelInitializer: glorotUniform(seed, `${name}_conv`),
        name: `${name}_conv`,
      })
      .apply(x) as SymbolicTensor;
    x = layers.maxPooling2d({ poolSize: 2, name: `${name}_pool` }).apply(x) as SymbolicTensor;
  });
  x = layers.flatten({ name: 'flatten' }).apply(x) as SymbolicTensor;
  x = dropout({ rate: dropoutRate, seed, name: 'dropout' }).apply(x) as SymbolicTensor;
  const probabilities = layers
    .dense({
      units: classes,
      activation: 'softmax',
      kernelInitializer: glorotUniform(seed, 'probabilities'),
      name: 'probabilities',
    })
    .apply(x) as SymbolicTensor;
  return model({ inputs: image, outputs: probabilities, name: 'cnn' });
}

/** Smallest side that leaves one pixel after the last block: each takes two pixels off and halves the rest. */
function minimumSize(blocks: number): number {
  let size = 1;
  for (let block = 0; block < blocks; block++) size = size * 2 + 2;
  return size;
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
