import * as augment from 'xray-augment';
import type { Augmentation } from 'xray-core';

/** Every augmentation that `xray-augment` exports, by the name of its factory. */
export const AUGMENTATIONS: Readonly<Record<string, Augmentation>> = {
  horizontalFlip: augment.horizontalFlip(),
  randomAffine: augment.randomAffine({ rotation: 20, translation: 0.2, zoom: [0.8, 1.2], shear: 10 }),
  elasticDeformation: augment.elasticDeformation({ alpha: [5, 20], sigma: 3 }),
  randomBrightness: augment.randomBrightness({ change: 0.3 }),
  randomContrast: augment.randomContrast({ factor: [0.5, 2] }),
  randomGamma: augment.randomGamma({ gamma: [0.5, 2] }),
  gaussianNoise: augment.gaussianNoise({ standardDeviation: [0.01, 0.2] }),
  gaussianBlur: augment.gaussianBlur({ sigma: [0.3, 2] }),
  randomSharpening: augment.randomSharpening({ amount: [0.1, 2] }),
  randomErasing: augment.randomErasing(),
  histogramEqualization: augment.histogramEqualization(),
  clahe: augment.clahe({ tiles: 2, clipLimit: [4, 60] }),
  windowJitter: augment.windowJitter(),
  mixup: augment.mixup(),
  cutmix: augment.cutmix(),
  'mixup behind a flip': augment.composeAugmentations([augment.horizontalFlip(), augment.mixup()]),
  'a flip behind cutmix': augment.composeAugmentations([augment.cutmix(), augment.horizontalFlip()]),
  referenceStudy: augment.referenceStudy(),
  chestXray: augment.chestXray(),
  strong: augment.strong(),
};
