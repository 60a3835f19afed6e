/**
 * Everything exported here is public and covered by semver; nothing else is.
 *
 * @module xray-node-gpu
 */
export type { ProcessAbort } from './abort-on-signals.js';
export { abortOnSignals } from './abort-on-signals.js';
export type { Device, DeviceFacts, DeviceKind, SkippedDevice } from './devices/device.js';
export { DEVICE_KINDS } from './devices/device.js';
export type { ExhaustionFacts } from './devices/explain-exhaustion.js';
export { DeviceMemoryError, explainExhaustion } from './devices/explain-exhaustion.js';
export type { SelectDeviceOptions } from './devices/select-device.js';
export { NoDeviceError, selectDevice } from './devices/select-device.js';
export { modelFolder } from './model-folder.js';
export type { TerminalProgress, TerminalProgressOptions } from './terminal-progress.js';
export { terminalProgress } from './terminal-progress.js';
export { physicalCores } from './worker-pool/physical-cores.js';
export { threadChannel, threadWorker } from './worker-pool/thread-worker.js';
