/**
 * Everything exported here is public and covered by semver; nothing else is.
 *
 * @module xray-augment/layers
 */
export { CenterCrop } from './center-crop.js';
export type { ImageLayerConfig } from './image-layer.js';
export type { Factor } from './keras-config.js';
export { KERAS_LAYERS } from './keras-layers.js';
export type { KerasFillMode, KerasInterpolation } from './project-taps.js';
export type { RandomAffineLayerConfig } from './random-affine-layer.js';
export type { RandomBrightnessConfig } from './random-brightness.js';
export { RandomBrightness } from './random-brightness.js';
export type { RandomContrastConfig } from './random-contrast.js';
export { RandomContrast } from './random-contrast.js';
export type { RandomFlipConfig } from './random-flip.js';
export { RandomFlip } from './random-flip.js';
export type { RandomImageLayerConfig } from './random-image-layer.js';
export type { RandomRotationConfig } from './random-rotation.js';
export { RandomRotation } from './random-rotation.js';
export type { RandomTranslationConfig } from './random-translation.js';
export { RandomTranslation } from './random-translation.js';
export type { RandomZoomConfig } from './random-zoom.js';
export { RandomZoom } from './random-zoom.js';
export type { ResizedImageLayerConfig } from './resized-image-layer.js';
export type { ResizingConfig } from './resizing.js';
export { Resizing } from './resizing.js';
