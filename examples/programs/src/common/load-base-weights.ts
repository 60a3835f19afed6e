import { dirname } from 'node:path';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { loadPretrainedWeights, weightsOfLayersModel } from 'xray-models';
import { modelFolder } from 'xray-node-gpu';
import type { ProgramContext } from './run-program.js';

/**
 * Puts the weights of a TensorFlow.js layers model into a base and says what came from where.
 *
 * @param path - Its folder, or the `model.json` in it.
 */
export async function loadBaseWeights(
  base: LayersModel,
  path: string,
  context: ProgramContext,
): Promise<void> {
  const folder = path.endsWith('.json') ? dirname(path) : path;
  const { loaded, unused } = loadPretrainedWeights(
    base,
    weightsOfLayersModel(await modelFolder(folder).load!()),
  );
  const rest = unused.length > 0 ? `; not used: ${unused.join(', ')}` : '';
  context.say(`Pretrained weights of ${loaded.length} layers from ${path}${rest}`);
}
