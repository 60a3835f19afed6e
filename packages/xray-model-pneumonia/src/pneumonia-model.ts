import type { io } from '@tensorflow/tfjs-core';
import { MODEL } from './model/model.js';
import { WEIGHTS } from './model/weights.js';

/**
 * The trained model as a TensorFlow.js IOHandler that only loads: nothing is fetched, it works in Node, in browsers and offline.
 *
 * - Input: float32 `[batch, 96, 96, 1]`, gray pixels in `[0, 1]`; each image is standardized inside the graph.
 * - Output: float32 `[batch, 2]`, probabilities of `normal` and `pneumonia`.
 *
 * `loadBundle` of `xray-models` gives it with its classes, resize rule and threshold, for `classify`. Plain
 * `tf.loadLayersModel` of TensorFlow.js loads it, too. Weights are stored as float16.
 *
 * Research only, not a medical device: trained on children of 1 to 5 years from one hospital. The README has what it reaches, and
 * where it fails.
 *
 * @example
 * const bundle = await loadBundle(pneumoniaModel());
 * const [result] = await classify(bundle, [image]);
 */
export function pneumoniaModel(): io.IOHandler {
  return {
    load: async () => {
      const text = atob(WEIGHTS);
      const weights = Uint8Array.from(text, (character) => character.charCodeAt(0));
      return { ...(JSON.parse(MODEL) as io.ModelArtifacts), weightData: weights.buffer };
    },
  };
}
