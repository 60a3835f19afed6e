import { initializers } from '@tensorflow/tfjs-layers';
import { createRandom } from 'xray-core';

/**
 * Initial weights of one layer, drawn from the model's seed and the layer's name, so that adding a layer leaves those of the
 * others as they are.
 *
 * @see Glorot & Bengio 2010, equation 16, https://proceedings.mlr.press/v9/glorot10a.html
 */
export function glorotUniform(seed: number, layerName: string) {
  const { integer } = createRandom(seed).stream('initializer', layerName);
  return initializers.glorotUniform({ seed: integer(1, 2 ** 31) });
}
