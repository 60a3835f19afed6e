// Everything exported here is public and covered by semver; nothing else is.
export type { BundleMetadata } from './bundle/bundle-metadata.js';
export { BundleError, NOT_A_MEDICAL_DEVICE } from './bundle/bundle-metadata.js';
export type { Classification, ClassifyOptions } from './bundle/classify.js';
export { classify } from './bundle/classify.js';
export type { ModelBundle } from './bundle/model-bundle.js';
export { loadBundle, saveBundle } from './bundle/model-bundle.js';
export { modelFromTopology } from './bundle/model-from-topology.js';
export type { CnnOptions } from './cnn/cnn-options.js';
export { createCnn } from './cnn/create-cnn.js';
export type { LayerDescription, ModelDescription } from './describe-model.js';
export { describeModel } from './describe-model.js';
export type { ImageShape } from './image-shape.js';
export type { DropoutOptions } from './layers/dropout.js';
export { dropout } from './layers/dropout.js';
