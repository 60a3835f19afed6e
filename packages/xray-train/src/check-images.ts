import type * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { InvalidArgumentError } from 'xray-core';

/** @throws {InvalidArgumentError} If images have another size than the model takes. */
export function checkImages(model: LayersModel, images: tf.Tensor): void {
  const expected = model.inputs[0]!.shape.slice(1);
  const received = images.shape.slice(1);
  const fits =
    expected.length === received.length &&
    expected.every((length, axis) => length === null || length === received[axis]);
  if (fits) return;
  throw new InvalidArgumentError({
    argument: 'images',
    expected: `of the size ${expected.map((length) => length ?? 'any').join('x')}, which the model takes`,
    received: received.join('x'),
    fix: 'Resize the images to that, or build the model for these.',
  });
}
