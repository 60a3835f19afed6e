import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Batch, Forward } from 'xray-core';
import type { BatchOutput } from './replicas/replicas.js';

/** Runs a model over batches on this thread, without dropout, and disposes them. */
export async function* runModel(
  model: LayersModel,
  batches: AsyncIterable<Batch>,
  forward: Forward | undefined,
): AsyncGenerator<BatchOutput> {
  for await (const { images, labels, ids } of batches) {
    let output: tf.Tensor | undefined;
    try {
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
