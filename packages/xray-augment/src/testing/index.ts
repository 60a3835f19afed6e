/**
 * Everything exported here is public and covered by semver; nothing else is.
 *
 * @module xray-augment/testing
 */
export type { AugmentationCheck } from './augmentation-checks.js';
export { augmentationChecks } from './augmentation-checks.js';
