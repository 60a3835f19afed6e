import { chestXray, referenceStudy, robust, strong } from 'xray-augment';
import type { Augmentation } from 'xray-core';

/** What `--augmentation` offers. */
export const AUGMENTATIONS = {
  'reference-study': referenceStudy,
  'chest-xray': chestXray,
  strong,
  robust,
  none: () => undefined,
} as const satisfies Readonly<Record<string, () => Augmentation | undefined>>;

/** The same in words, for reports. */
export const AUGMENTATION_WORDS: Readonly<Record<AugmentationName, string>> = {
  'reference-study': 'half of the images mirrored',
  'chest-xray': 'mild rotation, shift, zoom and brightness',
  strong: 'rotation, shift, zoom, contrast, brightness, blur and erased rectangles',
  robust: 'rotation, shift, zoom of each axis by itself, stretched values and gamma',
  none: 'no augmentation',
};

export type AugmentationName = keyof typeof AUGMENTATIONS;
