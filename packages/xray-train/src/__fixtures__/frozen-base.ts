// A model with a frozen base, and an augmentation with variants.
import * as tf from '@tensorflow/tfjs-core';
import { initializers, input, layers, model as modelOf, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Batch, VariantAugmentation } from 'xray-core';

/** A frozen convolution and a dense head over it: as one model, and as its two parts over the same layers. */
export function frozenModel() {
  const kernelInitializer = (seed: number) => initializers.glorotUniform({ seed });
  const image = input({ shape: [4, 4, 1] });
  const convolution = layers.conv2d({ filters: 3, kernelSize: 3, kernelInitializer: kernelInitializer(1) });
  const flatten = layers.flatten();
  const dense = layers.dense({ units: 2, activation: 'softmax', kernelInitializer: kernelInitializer(2) });
  const behind = (x: SymbolicTensor) => dense.apply(flatten.apply(x)) as SymbolicTensor;
  const cut = convolution.apply(image) as SymbolicTensor;
  const features = input({ shape: [2, 2, 3] });
  convolution.trainable = false;
  return {
    model: modelOf({ inputs: image, outputs: behind(cut) }),
    base: modelOf({ inputs: image, outputs: cut }),
    head: modelOf({ inputs: features, outputs: behind(features) }),
  };
}

/** Mirrors every image whose id and epoch add up to an odd number. */
export function oddFlip(): VariantAugmentation {
  const flip = ({ images, labels, ids }: Batch, which: readonly boolean[]): Batch => ({
    images: tf.tidy(() =>
      tf.concat(
        which.map((flipped, place) => {
          const image = tf.slice(images, place, 1);
          return flipped ? tf.reverse(image, 2) : image;
        }),
      ),
    ),
    labels: tf.clone(labels),
    ids,
  });
  const variantOf = (id: string, { epoch }: { epoch: number }) => (Number(id.split('-')[1]) + epoch) % 2;
  return Object.assign(
    (batch: Batch, draw: { seed: number; epoch: number }) =>
      flip(
        batch,
        batch.ids.map((id) => variantOf(id, draw) === 1),
      ),
    {
      variantsName: 'odd-flip',
      variants: [false, true].map(
        (flipped) => (batch: Batch) =>
          flip(
            batch,
            batch.ids.map(() => flipped),
          ),
      ),
      variantOf,
    },
  );
}
