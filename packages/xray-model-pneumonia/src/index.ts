/**
 * Everything exported here is public and covered by semver; nothing else is.
 *
 * @module xray-model-pneumonia
 */
export { pneumoniaModel } from './pneumonia-model.js';
