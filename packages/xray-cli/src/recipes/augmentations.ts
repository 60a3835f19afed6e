import { chestXray, referenceStudy, robust, strong } from 'xray-augment';
import { type Augmentation, hasVariants } from 'xray-core';

/** Names of presets of `xray-augment` that a recipe can name. */
export const AUGMENTATION_NAMES = [
  'reference-study',
  'chest-xray',
  'strong',
  'robust',
  'none',
] as const satisfies readonly AugmentationName[];

/** Name of a preset of `xray-augment`, or `none`. */
export type AugmentationName = 'reference-study' | 'chest-xray' | 'strong' | 'robust' | 'none';

/** What the names stand for. */
export const AUGMENTATIONS: Readonly<Record<AugmentationName, () => Augmentation | undefined>> = {
  'reference-study': referenceStudy,
  'chest-xray': chestXray,
  strong,
  robust,
  none: () => undefined,
};

/** The same in words, for reports. */
export const AUGMENTATION_WORDS: Readonly<Record<AugmentationName, string>> = {
  'reference-study': 'half of the images mirrored',
  'chest-xray': 'mild rotation, shift, zoom and brightness',
  strong: 'rotation, shift, zoom, contrast, brightness, blur and erased rectangles',
  robust: 'rotation, shift, zoom of each axis by itself, stretched values and gamma',
  none: 'no augmentation',
};

/** Whether features of a frozen base can be stored once for every variant of an image. */
export function worksOnFeatures(name: AugmentationName): boolean {
  const augmentation = AUGMENTATIONS[name]();
  return augmentation === undefined || hasVariants(augmentation);
}
