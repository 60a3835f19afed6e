import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type Device, threadWorker } from 'xray-node-gpu';
import { openReplicas, type Replicas } from 'xray-train';

/** How many workers a program starts: graphics cards and native TensorFlow use all of the machine without. */
export function workersOn({ kind }: Device, asked: number): number {
  return kind === 'wasm' || kind === 'cpu' ? asked : 1;
}

/** Runs work with copies of a model in workers, or without where there is one only, and ends them. */
export async function withReplicas<Result>(
  model: LayersModel,
  options: { readonly device: Device; readonly workers: number; readonly signal: AbortSignal },
  work: (replicas: Replicas | undefined) => Promise<Result>,
): Promise<Result> {
  const { device, signal } = options;
  const workers = workersOn(device, options.workers);
  if (workers === 1) return work(undefined);
  const spawn = () => threadWorker(new URL('./replica.mjs', import.meta.url));
  const replicas = await openReplicas({ model, workers, spawn, data: device.kind, signal });
  try {
    return await work(replicas);
  } finally {
    await replicas.dispose();
  }
}
