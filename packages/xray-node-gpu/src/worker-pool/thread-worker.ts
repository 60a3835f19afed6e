import { parentPort, Worker, type WorkerOptions } from 'node:worker_threads';
import { type WorkerChannel, type WorkerHandle, XrayError } from 'xray-core';

/**
 * Starts a thread that runs a module, for `openReplicas` of `xray-train`. Only portable backends (wasm, cpu) work in
 * threads; the native ones allow one thread per process.
 *
 * @param options - Of the thread, such as `resourceLimits`. @default those of Node
 *
 * @example
 * const spawn = () => threadWorker(new URL('./replica.js', import.meta.url));
 */
export function threadWorker(module: URL, options: WorkerOptions = {}): WorkerHandle {
  const worker = new Worker(module, options);
  return {
    post: (message, transfer = []) => worker.postMessage(message, [...transfer]),
    onMessage: (listener) => void worker.on('message', listener),
    onFailure(listener) {
      worker.on('error', (error) => listener(error as Error));
      worker.on('messageerror', listener);
      worker.on('exit', (code) => listener(new Error(`it exited with code ${code}`)));
    },
    terminate: async () => void (await worker.terminate()),
  };
}

/**
 * The other end, in the module that the thread runs: `serveReplica(threadChannel(), ...)`.
 *
 * @throws {XrayError} `no-thread` outside of a worker thread.
 */
export function threadChannel(): WorkerChannel {
  const port = parentPort;
  if (port === null) {
    throw new XrayError(
      'no-thread',
      'This module runs in a worker thread only: pass its URL to `threadWorker`.',
    );
  }
  return {
    post: (message, transfer = []) => port.postMessage(message, [...transfer]),
    onMessage: (listener) => void port.on('message', listener),
  };
}
