/**
 * Everything exported here is public and covered by semver; nothing else is.
 *
 * @module xray-models
 */
export type { BundleMetadata } from './bundle/bundle-metadata.js';
export { BundleError, NOT_A_MEDICAL_DEVICE } from './bundle/bundle-metadata.js';
export type { Classification, ClassifyOptions } from './bundle/classify.js';
export { classify } from './bundle/classify.js';
export type { LoadBundleOptions, ModelBundle } from './bundle/model-bundle.js';
export { loadBundle, saveBundle } from './bundle/model-bundle.js';
export { modelFromTopology } from './bundle/model-from-topology.js';
export type { CnnOptions } from './cnn/cnn-options.js';
export { createCnn } from './cnn/create-cnn.js';
export type { LayerDescription, ModelDescription } from './describe-model.js';
export { describeModel } from './describe-model.js';
export type { GraphFeaturesOptions } from './graph/load-graph-features.js';
export { loadGraphFeatures } from './graph/load-graph-features.js';
export type { ImageShape } from './image-shape.js';
export type { AdaptOptions, PixelValues } from './import/adapt-model.js';
export { adaptModel } from './import/adapt-model.js';
export type { ImportedBundle, ImportOptions } from './import/import-model.js';
export { importModel } from './import/import-model.js';
export type { InceptionV3Options } from './inception-v3/create-inception-v3.js';
export { createInceptionV3 } from './inception-v3/create-inception-v3.js';
export type { KerasModelOptions } from './keras/load-keras-model.js';
export { loadKerasModel } from './keras/load-keras-model.js';
export { readKerasWeights } from './keras/read-keras-weights.js';
export { UnsupportedModelError } from './keras/unsupported-model-error.js';
export type { BatchNormalization, BatchNormalizationOptions } from './layers/batch-normalization.js';
export { batchNormalization } from './layers/batch-normalization.js';
export type { LayerClass } from './layers/custom-objects.js';
export type { Dropout, DropoutOptions } from './layers/dropout.js';
export { dropout } from './layers/dropout.js';
export type { LayerNormalization, LayerNormalizationOptions } from './layers/layer-normalization.js';
export { layerNormalization } from './layers/layer-normalization.js';
export type { MobileNetV2Options } from './mobilenet-v2/create-mobilenet-v2.js';
export { createMobileNetV2 } from './mobilenet-v2/create-mobilenet-v2.js';
export type { RobustCnnOptions } from './robust-cnn/create-robust-cnn.js';
export { createRobustCnn } from './robust-cnn/create-robust-cnn.js';
export type { TransferOptions } from './transfer/create-transfer-model.js';
export { createTransferModel } from './transfer/create-transfer-model.js';
export { cutModel } from './transfer/cut-model.js';
export type { UnfreezeOptions } from './transfer/freeze.js';
export { freeze, unfreezeFrom } from './transfer/freeze.js';
export type { HeadLayer } from './transfer/head.js';
export { STUDY_HEADS } from './transfer/head.js';
export type { SplitModel } from './transfer/split-model.js';
export { splitModel } from './transfer/split-model.js';
export type { FileBytes, ReadOptions } from './weights/file-bytes.js';
export type { LayerWeights, StoredWeight } from './weights/layer-weights.js';
export { weightsOfLayersModel } from './weights/layer-weights.js';
export type { LoadedWeights, PretrainedOptions } from './weights/load-pretrained-weights.js';
export { loadPretrainedWeights } from './weights/load-pretrained-weights.js';
export type { PretrainedFile, PretrainedFileName } from './weights/pretrained-files.js';
export { PRETRAINED_FILES } from './weights/pretrained-files.js';
export { WeightMismatchError } from './weights/weight-mismatch-error.js';
export type { Pooling } from './with-top.js';
