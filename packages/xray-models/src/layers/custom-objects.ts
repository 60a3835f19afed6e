import type { serialization } from '@tensorflow/tfjs-core';
import { BatchNormalization } from './batch-normalization.js';
import { Dropout } from './dropout.js';

type CustomObject = [
  serialization.SerializableConstructor<serialization.Serializable>,
  serialization.FromConfigMethod<serialization.Serializable>,
];

/**
 * Our layers by the standard class names they are saved under. Given to the loader and never registered
 * globally, so that other models in the same program keep the stock layers.
 */
export const CUSTOM_OBJECTS: Record<string, CustomObject> = {
  BatchNormalization: [
    BatchNormalization as unknown as CustomObject[0],
    (construct, config) => new construct(config),
  ],
  Dropout: [Dropout as unknown as CustomObject[0], (construct, config) => new construct(config)],
};
