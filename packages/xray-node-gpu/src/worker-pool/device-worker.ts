import { isMainThread } from 'node:worker_threads';
import { InvalidArgumentError, type WorkerChannel, type WorkerHandle } from 'xray-core';
import type { DeviceKind } from '../devices/device.js';
import { visibleGpus } from '../devices/visible-gpus.js';
import { processChannel, processWorker } from './process-worker.js';
import { threadChannel, threadWorker } from './thread-worker.js';

/**
 * How workers are started for a device: threads on `wasm` and `cpu`; processes on `node` and `node-gpu`, each of which sees
 * one GPU where there are several.
 *
 * @param module - Calls `serveReplica(workerChannel(), ...)` of `xray-train`.
 * @returns For `openReplicas`.
 * @throws {InvalidArgumentError} For `webgpu`, which has one adapter, used as a whole.
 *
 * @example
 * const spawn = deviceWorker(device.kind, new URL('./replica.js', import.meta.url));
 */
export function deviceWorker(kind: DeviceKind, module: URL): (worker: number) => WorkerHandle {
  if (kind === 'wasm' || kind === 'cpu') return () => threadWorker(module);
  if (kind === 'node') return () => processWorker(module);
  if (kind === 'node-gpu') {
    const gpus = visibleGpus();
    return (worker) => {
      const gpu = gpus[worker % gpus.length];
      return processWorker(module, gpu === undefined ? {} : { env: { CUDA_VISIBLE_DEVICES: gpu } });
    };
  }
  throw new InvalidArgumentError({
    argument: 'kind',
    expected: 'a device with workers: node-gpu, node, wasm or cpu',
    received: kind,
    fix: 'Train without replicas.',
  });
}

/** The other end, in the module: that of a thread or of a process, whichever runs it. */
export function workerChannel(): WorkerChannel {
  return isMainThread ? processChannel() : threadChannel();
}
