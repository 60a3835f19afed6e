/**
 * Everything exported here is public and covered by semver; nothing else is.
 *
 * @module xray-augment
 */
export type { ArrayAugmentation, ArrayBatch } from './array-batch.js';
export type { Range } from './check-options.js';
export type { StageDraw } from './compose-augmentations.js';
export { composeAugmentations } from './compose-augmentations.js';
export type { AugmentationDefinition, ImageAugmentation } from './create-augmentation.js';
export { createAugmentation } from './create-augmentation.js';
export type { GaussianBlurOptions } from './filters/gaussian-blur.js';
export { gaussianBlur } from './filters/gaussian-blur.js';
export type { GaussianNoiseOptions, NoiseParameters } from './filters/gaussian-noise.js';
export { gaussianNoise } from './filters/gaussian-noise.js';
export type { JpegArtifactsOptions } from './filters/jpeg-artifacts.js';
export { jpegArtifacts } from './filters/jpeg-artifacts.js';
export type { RandomSharpeningOptions } from './filters/random-sharpening.js';
export { randomSharpening } from './filters/random-sharpening.js';
export type { ResolutionLossOptions } from './filters/resolution-loss.js';
export { resolutionLoss } from './filters/resolution-loss.js';
export type { AffineParameters } from './geometry/affine-matrix.js';
export type { ElasticDeformationOptions, ElasticParameters } from './geometry/elastic-deformation.js';
export { elasticDeformation } from './geometry/elastic-deformation.js';
export type { FillMode } from './geometry/fill-mode.js';
export type { RandomAffineOptions } from './geometry/random-affine.js';
export { randomAffine } from './geometry/random-affine.js';
export type { SamplingOptions } from './geometry/sampler.js';
export type { ClaheOptions } from './histogram/clahe.js';
export { clahe } from './histogram/clahe.js';
export type { HistogramEqualizationOptions } from './histogram/histogram-equalization.js';
export { histogramEqualization } from './histogram/histogram-equalization.js';
export type { WindowJitterOptions, WindowParameters } from './histogram/window-jitter.js';
export { windowJitter } from './histogram/window-jitter.js';
export type { HorizontalFlipOptions } from './horizontal-flip.js';
export { horizontalFlip } from './horizontal-flip.js';
export type { RandomBrightnessOptions } from './intensity/random-brightness.js';
export { randomBrightness } from './intensity/random-brightness.js';
export type { RandomContrastOptions } from './intensity/random-contrast.js';
export { randomContrast } from './intensity/random-contrast.js';
export type { RandomGammaOptions } from './intensity/random-gamma.js';
export { randomGamma } from './intensity/random-gamma.js';
export type { RescaleIntensityOptions } from './intensity/rescale-intensity.js';
export { rescaleIntensity } from './intensity/rescale-intensity.js';
export type { CutmixOptions, CutmixParameters } from './mixing/cutmix.js';
export { cutmix } from './mixing/cutmix.js';
export type { Mix, MixingAugmentation } from './mixing/mixing-augmentation.js';
export type { MixupOptions } from './mixing/mixup.js';
export { mixup } from './mixing/mixup.js';
export type { PixelImage, Pixels } from './pixel-image.js';
export type { RobustOptions } from './presets.js';
export { chestXray, referenceStudy, robust, strong } from './presets.js';
export type { ErasingParameters, RandomErasingOptions } from './random-erasing.js';
export { randomErasing } from './random-erasing.js';
export type { AcquisitionShift, ShiftName, ShiftStrength } from './shifts/acquisition-shifts.js';
export { acquisitionShifts, SHIFT_NAMES } from './shifts/acquisition-shifts.js';
