import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Forward } from 'xray-core';
import { type Device, type DeviceKind, deviceWorker } from 'xray-node-gpu';
import { openReplicas, type Replicas } from 'xray-train';
import { fuse } from 'xray-wasm';

/** Workers do not inherit the loader that runs TypeScript sources; built code needs none. */
export const REPLICA = new URL(
  import.meta.url.endsWith('.ts') ? './replica.mjs' : './replica.js',
  import.meta.url,
);

/** What each worker is told. */
export interface ReplicaData {
  readonly device: DeviceKind;
  readonly memoryLimit: number | undefined;
}

/** Where workers run, and how many. */
export interface WorkerOptions {
  readonly device: Device;
  /** @default as many as suit the device */
  readonly workers?: number | undefined;
  /** Most memory of each in MiB. @default no limit */
  readonly memoryLimit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The fastest way to run a model on this thread; `undefined` for the model's own. */
export function fastForward(model: LayersModel, device: Device): Forward | undefined {
  return device.kind === 'wasm' ? fuse(model) : undefined; // the only device with its kernels
}

/** Copies of a model in workers, or none where there is one only. The caller disposes them. */
export async function openWorkers(model: LayersModel, options: WorkerOptions): Promise<Replicas | undefined> {
  const { device, memoryLimit, signal } = options;
  const { workers = device.workers } = options;
  if (workers === 1) return undefined;
  const data: ReplicaData = { device: device.kind, memoryLimit };
  const spawn = deviceWorker(device.kind, REPLICA);
  return openReplicas({ model, workers, spawn, data, signal });
}

/** Runs work with such copies and ends them. */
export async function withReplicas<Result>(
  model: LayersModel,
  options: WorkerOptions,
  work: (replicas: Replicas | undefined) => Promise<Result>,
): Promise<Result> {
  const replicas = await openWorkers(model, options);
  try {
    return await work(replicas);
  } finally {
    await replicas?.dispose();
  }
}
