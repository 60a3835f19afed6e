import { AbortedError, throwIfAborted, type WorkerHandle, XrayError } from 'xray-core';
import type { ReplicaRequest, ReplyMessage } from './messages.js';
import { fromErrorMessage, WorkerError } from './worker-error.js';

/** Starts one worker, which runs a module that calls `serveReplica`. */
export type SpawnWorker = (worker: number) => WorkerHandle;

/** Workers that answer requests. The first failure ends them all. */
export interface WorkerPool {
  request<Reply>(worker: number, request: ReplicaRequest): Promise<Reply>;
  /** The worker with the fewest unanswered requests. */
  idlest(): number;
  dispose(): Promise<void>;
}

interface Waiting {
  resolve(reply: unknown): void;
  reject(error: Error): void;
}

/** @throws {AbortedError} From every request, once `signal` has fired. */
export function startWorkers(
  spawn: SpawnWorker,
  workers: number,
  signal: AbortSignal | undefined,
): WorkerPool {
  throwIfAborted(signal, 'Starting the workers');
  const handles: WorkerHandle[] = [];
  const waiting = Array.from({ length: workers }, () => new Map<number, Waiting>());
  let ended: { reason: Error; termination: Promise<unknown> } | undefined;
  let nextId = 0;

  function end(reason: Error): Promise<unknown> {
    if (ended) return ended.termination;
    signal?.removeEventListener('abort', onAbort);
    ended = { reason, termination: Promise.all(handles.map((handle) => handle.terminate())) };
    for (const requests of waiting) {
      for (const { reject } of requests.values()) reject(reason);
      requests.clear();
    }
    return ended.termination;
  }
  const fail = (worker: number, cause: Error) => void end(new WorkerError({ worker, workers, cause }));
  const onAbort = () => void end(new AbortedError('The work of the replicas', signal?.reason));

  function onReply(worker: number, message: ReplyMessage): void {
    const request = waiting[worker]!.get(message.id);
    if (request === undefined) return;
    if ('error' in message) {
      fail(worker, fromErrorMessage(message.error));
    } else {
      waiting[worker]!.delete(message.id);
      request.resolve(message.reply);
    }
  }

  signal?.addEventListener('abort', onAbort);
  for (let worker = 0; worker < workers && !ended; worker++) {
    try {
      const handle = spawn(worker);
      handles.push(handle);
      handle.onFailure((error) => fail(worker, error));
      handle.onMessage((message) => onReply(worker, message as ReplyMessage));
    } catch (error) {
      fail(worker, error instanceof Error ? error : new Error(String(error)));
    }
  }
  return {
    request<Reply>(worker: number, request: ReplicaRequest) {
      const answer = new Promise<unknown>((resolve, reject) => {
        if (ended) return reject(ended.reason);
        const id = nextId++;
        waiting[worker]!.set(id, { resolve, reject });
        handles[worker]!.post({ id, request });
      });
      // One failure rejects every request; a caller that stopped at the first has no use for the others.
      answer.catch(() => {});
      return answer as Promise<Reply>;
    },
    idlest() {
      const counts = waiting.map(({ size }) => size);
      return counts.indexOf(Math.min(...counts));
    },
    async dispose() {
      await end(new XrayError('disposed', 'These replicas have been disposed. Open new ones.'));
    },
  };
}
