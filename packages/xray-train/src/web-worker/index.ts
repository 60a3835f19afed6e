// Everything exported here is public and covered by semver; nothing else is.
export { webWorker, webWorkerChannel } from './web-worker.js';
