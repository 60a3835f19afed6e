/**
 * Everything exported here is public and covered by semver; nothing else is.
 *
 * @module xray-models/node
 */
export type { DownloadWeightsOptions } from './download-weights.js';
export { downloadWeights } from './download-weights.js';
export { readFileBytes } from './read-file-bytes.js';
