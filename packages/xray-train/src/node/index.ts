/**
 * Everything exported here is public and covered by semver; nothing else is.
 *
 * @module xray-train/node
 */
export { fileCheckpoints } from './file-checkpoints.js';
export { fileFeatures } from './file-features.js';
