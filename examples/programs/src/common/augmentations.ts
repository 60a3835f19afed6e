import { chestXray, referenceStudy, strong } from 'xray-augment';
import type { Augmentation } from 'xray-core';

/** What `--augmentation` offers. */
export const AUGMENTATIONS = {
  'reference-study': referenceStudy,
  'chest-xray': chestXray,
  strong,
  none: () => undefined,
} as const satisfies Readonly<Record<string, () => Augmentation | undefined>>;

/** The same in words, for reports. */
export const AUGMENTATION_WORDS: Readonly<Record<AugmentationName, string>> = {
  'reference-study': 'half of the images mirrored',
  'chest-xray': 'mild rotation, shift, zoom and brightness',
  strong: 'rotation, shift, zoom, contrast, brightness, blur and erased rectangles',
  none: 'no augmentation',
};

export type AugmentationName = keyof typeof AUGMENTATIONS;
