import { CenterCrop } from './center-crop.js';
import { RandomBrightness } from './random-brightness.js';
import { RandomContrast } from './random-contrast.js';
import { RandomFlip } from './random-flip.js';
import { RandomRotation } from './random-rotation.js';
import { RandomTranslation } from './random-translation.js';
import { RandomZoom } from './random-zoom.js';
import { Resizing } from './resizing.js';

/**
 * Layers by the class names under which Keras saves them, for loaders of Keras models. Not registered globally.
 * `Rescaling` is not among them: that of TensorFlow.js does what Keras's does.
 */
export const KERAS_LAYERS = {
  CenterCrop,
  RandomBrightness,
  RandomContrast,
  RandomFlip,
  RandomRotation,
  RandomTranslation,
  RandomZoom,
  Resizing,
} as const;
