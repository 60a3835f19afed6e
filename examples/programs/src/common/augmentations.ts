import { chestXray, referenceStudy, strong } from 'xray-augment';
import type { Augmentation } from 'xray-core';

/** What `--augmentation` offers. */
export const AUGMENTATIONS = {
  'reference-study': referenceStudy,
  'chest-xray': chestXray,
  strong,
  none: () => undefined,
} as const satisfies Readonly<Record<string, () => Augmentation | undefined>>;

export type AugmentationName = keyof typeof AUGMENTATIONS;
