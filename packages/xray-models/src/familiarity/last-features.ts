import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, model as modelOf } from '@tensorflow/tfjs-layers';
import { inputOf, outputOf, sourcesOf } from '../transfer/trace-graph.js';

/** More features would need millions of numbers for their covariance. */
const MOST_FEATURES = 512;

/**
 * What the last layer of a model sees, as a model over the same layers; `undefined` where that is no list of at most 512 features,
 * as behind the flattened convolutions of the study's CNN. Disposing it would dispose the layers of the model.
 */
export function lastFeatures(model: LayersModel): LayersModel | undefined {
  let source = sourcesOf(outputOf(model))[0];
  // Dropout gives what it gets.
  while (source?.sourceLayer.getClassName() === 'Dropout') source = sourcesOf(source)[0];
  const size = source?.shape.length === 2 ? source.shape[1] : undefined;
  if (source === undefined || typeof size !== 'number' || size > MOST_FEATURES) return undefined;
  return modelOf({ inputs: inputOf(model), outputs: source, name: `${model.name}_features` });
}

/** Features of a batch, float32 `[batch * size]`. The caller keeps the images. */
export async function featuresOf(features: LayersModel, images: tf.Tensor4D): Promise<Float32Array> {
  const output = tf.tidy(() => features.predict(images) as tf.Tensor2D);
  const values = (await output.data()) as Float32Array;
  output.dispose();
  return values;
}
