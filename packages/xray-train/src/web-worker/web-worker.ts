import type { WorkerChannel, WorkerHandle } from 'xray-core';

/**
 * A Web Worker as `openReplicas` takes it. The program makes the worker, since bundlers look for this very form:
 *
 * @example
 * const spawn = () => webWorker(new Worker(new URL('./replica.js', import.meta.url), { type: 'module' }));
 */
export function webWorker(worker: Worker): WorkerHandle {
  return {
    ...channelOf(worker),
    onFailure(listener) {
      // Without a message, the script itself could not be loaded.
      worker.addEventListener('error', (event) =>
        listener(new Error(event.message || 'its script could not be loaded')),
      );
      worker.addEventListener('messageerror', () => listener(new Error('a message could not be read')));
    },
    terminate: async () => worker.terminate(),
  };
}

/** The other end, in the module that the worker runs: `serveReplica(webWorkerChannel(), ...)`. */
export function webWorkerChannel(): WorkerChannel {
  return channelOf(globalThis as unknown as Worker);
}

function channelOf(port: Worker): WorkerChannel {
  return {
    post: (message, transfer = []) => port.postMessage(message, [...transfer]),
    onMessage: (listener) => port.addEventListener('message', ({ data }) => listener(data)),
  };
}
