// Everything exported here is public and covered by semver; nothing else is.
export { composeAugmentations } from './compose-augmentations.js';
export type { HorizontalFlipOptions } from './horizontal-flip.js';
export { horizontalFlip } from './horizontal-flip.js';
