/**
 * Everything exported here is public and covered by semver; nothing else is.
 *
 * @module xray-node-gpu
 */
export type { ProcessAbort } from './abort-on-signals.js';
export { abortOnSignals } from './abort-on-signals.js';
export type { Device, DeviceFacts, DeviceKind, SkippedDevice } from './devices/device.js';
export { DEVICE_KINDS } from './devices/device.js';
export type { FailureExplanation } from './devices/explain-failure.js';
export type { DeviceMemory } from './devices/memory/device-memory.js';
export { DeviceMemoryError } from './devices/memory/device-memory-error.js';
export type { ExhaustionFacts } from './devices/memory/explain-exhaustion.js';
export { explainExhaustion } from './devices/memory/explain-exhaustion.js';
export { imagesThatFit } from './devices/memory/images-that-fit.js';
export type { ProbeResult } from './devices/probe-device.js';
export type { SelectDeviceOptions } from './devices/select-device.js';
export { NoDeviceError, selectDevice } from './devices/select-device.js';
export type { Diagnosis, DoctorOptions } from './doctor/doctor.js';
export { diagnose, formatDiagnosis } from './doctor/doctor.js';
export type { ExaminedDevice, MachineFacts } from './doctor/examine-devices.js';
export { modelFolder } from './model-folder.js';
export type { TerminalProgress, TerminalProgressOptions } from './terminal-progress.js';
export { terminalProgress } from './terminal-progress.js';
export { deviceWorker, workerChannel } from './worker-pool/device-worker.js';
export { physicalCores } from './worker-pool/physical-cores.js';
export type { ProcessWorkerOptions } from './worker-pool/process-worker.js';
export { processChannel, processWorker } from './worker-pool/process-worker.js';
export { threadChannel, threadWorker } from './worker-pool/thread-worker.js';
