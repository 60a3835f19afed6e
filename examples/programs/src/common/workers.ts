import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type Device, threadWorker } from 'xray-node-gpu';
import { openReplicas, type Replicas } from 'xray-train';

/** How many workers a program starts: graphics cards and native TensorFlow use all of the machine without. */
export function workersOn({ kind }: Device, asked: number): number {
  return kind === 'wasm' || kind === 'cpu' ? asked : 1;
}

/** Copies of a model in workers, or none where there is one only. The caller disposes them. */
export async function openWorkers(
  model: LayersModel,
  options: { readonly device: Device; readonly workers: number; readonly signal: AbortSignal },
): Promise<Replicas | undefined> {
  const { device, signal } = options;
  const workers = workersOn(device, options.workers);
  if (workers === 1) return undefined;
  const spawn = () => threadWorker(new URL('./replica.mjs', import.meta.url));
  return openReplicas({ model, workers, spawn, data: device.kind, signal });
}

/** Runs work with such copies and ends them. */
export async function withReplicas<Result>(
  model: LayersModel,
  options: Parameters<typeof openWorkers>[1],
  work: (replicas: Replicas | undefined) => Promise<Result>,
): Promise<Result> {
  const replicas = await openWorkers(model, options);
  try {
    return await work(replicas);
  } finally {
    await replicas?.dispose();
  }
}
