import type { LayersModel, layers } from '@tensorflow/tfjs-layers';
import { InvalidArgumentError, isFreezableBatchNorm } from 'xray-core';

/**
 * Rejects models with frozen stock batch norm: TensorFlow.js trains it all the same.
 *
 * @throws {InvalidArgumentError} With the names of the layers.
 */
export function checkBatchNorm(model: LayersModel): void {
  const frozen = stockBatchNorms(model).filter(
    (layer) => !layer.trainable || layer.trainableWeights.length === 0,
  );
  if (frozen.length === 0) return;
  const names = frozen.slice(0, 3).map(({ name }) => name);
  throw new InvalidArgumentError({
    argument: 'model',
    expected: 'frozen batch norm layers that stay as they are: those of TensorFlow.js ignore `trainable`',
    received: `${names.join(', ')}${frozen.length > 3 ? ` and ${frozen.length - 3} more` : ''}`,
    fix: 'Rebuild the model with `modelFromTopology` of xray-models and set its weights, or do not freeze these layers.',
  });
}

function stockBatchNorms(model: LayersModel): layers.Layer[] {
  return model.layers.flatMap((layer: layers.Layer & Partial<Pick<LayersModel, 'layers'>>) => {
    if (layer.layers) return stockBatchNorms(layer as unknown as LayersModel);
    return layer.getClassName() === 'BatchNormalization' && !isFreezableBatchNorm(layer) ? [layer] : [];
  });
}
