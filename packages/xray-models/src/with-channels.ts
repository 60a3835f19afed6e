import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { InvalidArgumentError } from 'xray-core';

/** Repeats a gray image inside the graph where the network wants three channels. */
export function withChannels(image: SymbolicTensor, wanted: 1 | 3): SymbolicTensor {
  const given = image.shape.at(-1);
  if (given === wanted) return image;
  if (given === 1 && wanted === 3) {
    return layers.concatenate({ name: 'gray_to_rgb' }).apply([image, image, image]) as SymbolicTensor;
  }
  throw new InvalidArgumentError({
    argument: 'channels',
    expected: '3 for RGB images',
    received: wanted,
    fix: 'Make the batches gray instead: `imageShape: [height, width, 1]`.',
  });
}
