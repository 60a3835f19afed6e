import type { serialization } from '@tensorflow/tfjs-core';
import { GraphFeatures } from '../graph/graph-features.js';
import { BatchNormalization } from './batch-normalization.js';
import { Dropout } from './dropout.js';
import { LayerNormalization } from './layer-normalization.js';

/** A class of layers, as `tf.serialization.registerClass` takes it. */
export type LayerClass = serialization.SerializableConstructor<serialization.Serializable>;

type CustomObject = [LayerClass, serialization.FromConfigMethod<serialization.Serializable>];

/**
 * Our layers by the standard class names they are saved under. Given to the loader and never registered
 * globally, so that other models in the same program keep the stock layers.
 */
export const CUSTOM_OBJECTS: Record<string, CustomObject> = {
  BatchNormalization: customObject(BatchNormalization as unknown as LayerClass),
  Dropout: customObject(Dropout as unknown as LayerClass),
  LayerNormalization: customObject(LayerNormalization as unknown as LayerClass),
  GraphFeatures: customObject(GraphFeatures as unknown as LayerClass),
};

/** A class of layers as the loader of TensorFlow.js takes it. */
export function customObject(layer: LayerClass): CustomObject {
  return [layer, layer.fromConfig];
}
