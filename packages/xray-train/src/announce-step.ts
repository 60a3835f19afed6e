import type { LayersModel, layers } from '@tensorflow/tfjs-layers';
import { isTrainingStepListener, type TrainingStep } from 'xray-core';

/** Tells every layer that wants to know which training step comes next, those of nested models included. */
export function announceStep(model: LayersModel, step: TrainingStep | undefined): void {
  for (const layer of model.layers as (layers.Layer & Partial<Pick<LayersModel, 'layers'>>)[]) {
    if (isTrainingStepListener(layer)) layer.beginTrainingStep(step);
    if (layer.layers) announceStep(layer as unknown as LayersModel, step);
  }
}
