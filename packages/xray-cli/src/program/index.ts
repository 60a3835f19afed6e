/**
 * What a program for the terminal is made of: flags, devices, progress, errors in a sentence, exit codes.
 *
 * @module xray-cli/program
 */
export { DECODE_CONCURRENCY } from '../data/decode-concurrency.js';
export type { ReplicaData, WorkerOptions } from '../devices/workers.js';
export { fastForward, openWorkers, REPLICA, withReplicas } from '../devices/workers.js';
export { peakMemoryMegabytes } from '../experiment/peak-memory.js';
export { modelFolderOf, openBundle } from '../prediction/open-bundle.js';
export { integer, positiveInteger, positiveNumber } from '../terminal/flag-values.js';
export { addDeviceFlags, newCommand } from '../terminal/new-command.js';
export type {
  DeviceContext,
  DeviceFlags,
  OutputFlags,
  TaskContext,
  TaskEvent,
} from '../terminal/run-task.js';
export { runOnDevice, runTask } from '../terminal/run-task.js';
