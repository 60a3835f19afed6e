import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import {
  type LayerWeights,
  loadPretrainedWeights,
  readKerasWeights,
  weightsOfLayersModel,
} from 'xray-models';
import { downloadWeights, readFileBytes } from 'xray-models/node';
import { modelFolder } from 'xray-node-gpu';
import type { ExperimentContext } from './experiment-run.js';

/**
 * Puts pretrained weights into an InceptionV3 without top and says what came from where.
 *
 * @param weights - `imagenet`, or path or URL of a file of Keras or of a TensorFlow.js layers model.
 */
export async function loadBaseWeights(
  base: LayersModel,
  weights: string,
  context: Pick<ExperimentContext, 'signal' | 'onProgress' | 'say'>,
): Promise<void> {
  const stored = await readWeights(weights, context);
  const { by, loaded, unused } = loadPretrainedWeights(base, stored);
  const rest = unused.length > 0 ? `; not used: ${unused.join(', ')}` : '';
  context.say(`Pretrained weights of ${loaded.length} layers from ${weights}, by ${by}${rest}`);
}

async function readWeights(
  weights: string,
  { signal, onProgress }: Pick<ExperimentContext, 'signal' | 'onProgress'>,
): Promise<LayerWeights[]> {
  if (weights === 'imagenet') {
    return readKerasWeights(await downloadWeights('inception-v3-imagenet', { signal, onProgress }));
  }
  const isJson = weights.endsWith('.json');
  if (/^https?:/.test(weights)) {
    if (!isJson) return readKerasWeights(new URL(weights), { signal });
    return weightsOfLayersModel(await tf.io.http(weights).load!());
  }
  const isFolder = (await stat(weights).catch(() => undefined))?.isDirectory() ?? false;
  if (isFolder || isJson) {
    return weightsOfLayersModel(await modelFolder(isJson ? dirname(weights) : weights).load!());
  }
  return readKerasWeights(await readFileBytes(weights));
}
