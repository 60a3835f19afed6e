import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Batch, Forward } from 'xray-core';
import { checkImages } from './check-images.js';
import { prefetchNext } from './prefetch-next.js';
import type { BatchOutput } from './replicas/replicas.js';

/** Runs a model over batches on this thread, without dropout, and disposes them. */
export async function* runModel(
  model: LayersModel,
  batches: AsyncIterable<Batch>,
  forward: Forward | undefined,
): AsyncGenerator<BatchOutput> {
  const ahead = prefetchNext(batches, ({ images, labels }) => void tf.dispose([images, labels]));
  for await (const { item } of ahead) {
    const { images, labels, ids } = item;
    let output: tf.Tensor | undefined;
    try {
      checkImages(model, images);
      output = tf.tidy(
        (): tf.Tensor =>
          forward ? forward(images, { training: false }) : (model.predict(images) as tf.Tensor),
      );
      const values = (await output.data()) as Float32Array;
      yield { ids, labels: (await labels.data()) as Float32Array, values, shape: output.shape };
    } finally {
      tf.dispose([images, labels, ...(output ? [output] : [])]);
    }
  }
}
