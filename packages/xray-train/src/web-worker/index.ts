/**
 * Everything exported here is public and covered by semver; nothing else is.
 *
 * @module xray-train/web-worker
 */
export { webWorker, webWorkerChannel } from './web-worker.js';
