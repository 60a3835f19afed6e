import { chestXray, composeAugmentations, cutmix, mixup, robust } from 'xray-augment';
import type { Augmentation } from 'xray-core';
import type { RobustCnnOptions } from 'xray-models';
import type { TrainOptions } from 'xray-train';

/** The robust recipe but for what is given here. */
export interface Variant {
  readonly imageSize?: number;
  readonly epochs?: number;
  readonly network?: Partial<RobustCnnOptions>;
  readonly training?: Partial<TrainOptions>;
  /** `null` for none. */
  readonly augmentation?: (() => Augmentation) | null;
}

const without = (...kinds: string[]): Variant => ({ augmentation: () => robust({ except: kinds }) });

/** One ingredient of the robust recipe left out or changed at a time. */
export const VARIANTS: Readonly<Record<string, Variant>> = {
  robust: {},
  'no augmentation, no standardization': { augmentation: null, network: { standardize: false } },
  'no augmentation': { augmentation: null },
  'mild augmentation': { augmentation: chestXray },
  'no standardization': { network: { standardize: false } },
  'no geometry': without('random-affine'),
  'no gamma': without('random-gamma'),
  'no contrast and brightness': without('random-contrast', 'random-brightness'),
  'no blur, sharpening and noise': without('gaussian-blur', 'random-sharpening', 'gaussian-noise'),
  'no averaged weights': { training: { averageWeights: undefined } },
  'no label smoothing': { training: { labelSmoothing: 0 } },
  'no class weights': { training: { classWeights: undefined } },
  mixup: { augmentation: () => composeAugmentations([robust(), mixup({ alpha: 0.2 })]) },
  cutmix: { augmentation: () => composeAugmentations([robust(), cutmix({ alpha: 1 })]) },
  '96 pixels': { imageSize: 96 },
  '128 pixels': { imageSize: 128 },
  '160 pixels': { imageSize: 160 },
  'half as wide': { network: { filters: [16, 24, 48, 64, 96] } },
  'twice as wide': { network: { filters: [64, 96, 192, 256, 384] } },
  'twice as many epochs': { epochs: 12 },
};
