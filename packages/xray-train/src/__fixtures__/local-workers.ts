import { type LayersModel, models } from '@tensorflow/tfjs-layers';
import type { WorkerHandle } from 'xray-core';
import { type ReplicaModule, serveReplica } from '../replicas/serve-replica.js';

/** Workers on this very thread, with the real protocol: messages are cloned and arrive later. */
export interface LocalWorkers {
  spawn(worker: number): WorkerHandle;
  /** The models of the replicas. */
  readonly models: LayersModel[];
  /** Workers that were ended. */
  readonly terminated: number[];
  /** Lets a worker fail as a thread does that dies. */
  kill(worker: number, error: Error): void;
  dispose(): void;
}

export function localWorkers(
  change: (worker: number) => Partial<ReplicaModule> = () => ({}),
  channel: Pick<WorkerHandle, 'sharesMemory'> = {},
): LocalWorkers {
  const built: LayersModel[] = [];
  const terminated: number[] = [];
  const failures: ((error: Error) => void)[] = [];
  return {
    models: built,
    terminated,
    kill: (worker, error) => failures[worker]!(error),
    dispose() {
      for (const model of built) model.dispose();
    },
    spawn(worker) {
      const [program, replica] = channelPair();
      serveReplica({ ...replica, ...channel }, {
        async createModel({ topology }) {
          const model = await models.modelFromJSON(topology as never);
          built[worker] = model;
          return model;
        },
        ...change(worker),
      });
      return {
        ...program,
        onFailure: (listener) => void failures.push(listener),
        terminate: async () => void terminated.push(worker),
      };
    },
  };
}

function channelPair() {
  const listeners: ((message: unknown) => void)[] = [];
  return [0, 1].map((end) => ({
    post: (message: unknown, transfer: readonly ArrayBuffer[] = []) => {
      const clone = structuredClone(message, { transfer: [...transfer] });
      setTimeout(() => listeners[1 - end]!(clone), 0);
    },
    onMessage: (listener: (message: unknown) => void) => {
      listeners[end] = listener;
    },
  })) as [WorkerHandle, WorkerHandle];
}
