import { fork, type Serializable } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type WorkerChannel, type WorkerHandle, XrayError } from 'xray-core';

/** Options of `processWorker`. */
export interface ProcessWorkerOptions {
  /** Added to the environment, such as `CUDA_VISIBLE_DEVICES` for a GPU of its own. @default {} */
  env?: Readonly<Record<string, string>> | undefined;
  /** Flags of Node. @default those of this process */
  execArgv?: readonly string[] | undefined;
}

/**
 * Starts a child process that runs a module, for `openReplicas` of `xray-train`: for native backends, which one thread of
 * a process can load only. Memory is copied to and fro, where threads share it, so that for `wasm` and `cpu`
 * `threadWorker` is faster.
 *
 * @example
 * const spawn = (worker: number) =>
 *   processWorker(new URL('./replica.js', import.meta.url), { env: { CUDA_VISIBLE_DEVICES: String(worker) } });
 */
export function processWorker(
  module: URL,
  { env = {}, execArgv = process.execArgv }: ProcessWorkerOptions = {},
): WorkerHandle {
  const child = fork(fileURLToPath(module), [], {
    serialization: 'advanced',
    execArgv: [...execArgv],
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    sharesMemory: false,
    // A failure to send is followed by `exit`, which is reported.
    post: (message) => void child.send(message as Serializable, () => {}),
    onMessage: (listener) => void child.on('message', listener),
    onFailure(listener) {
      child.on('error', listener);
      child.on('exit', (code, signal) =>
        listener(new Error(signal ? `it was ended by ${signal}` : `it exited with code ${code}`)),
      );
    },
    async terminate() {
      if (child.kill('SIGKILL')) await ended;
    },
  };
}

/**
 * The other end, in the module that the process runs: `serveReplica(processChannel(), ...)`. The process ends with its
 * program, and leaves Ctrl+C to it.
 *
 * @throws {XrayError} `no-process` outside of a process that `processWorker` started.
 */
export function processChannel(): WorkerChannel {
  const { send } = process;
  if (send === undefined) {
    throw new XrayError(
      'no-process',
      'This module runs in a child process only: pass its URL to `processWorker`.',
    );
  }
  process.on('SIGINT', () => {}); // a terminal sends it to the whole process group
  process.once('disconnect', () => process.exit());
  return {
    sharesMemory: false,
    post: (message) => void send.call(process, message),
    onMessage: (listener) => void process.on('message', listener),
  };
}
