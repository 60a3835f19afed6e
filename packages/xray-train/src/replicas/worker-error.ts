import { XrayError } from 'xray-core';

/** A worker threw, exited or ran out of memory. Code `worker-failed`; `cause` is its error. The other workers are ended. */
export class WorkerError extends XrayError {
  /** Counts from 0. */
  readonly worker: number;

  constructor(details: { worker: number; workers: number; cause: Error }) {
    const { worker, workers, cause } = details;
    super(
      'worker-failed',
      `Worker ${worker + 1} of ${workers} failed: ${cause.message.replace(/\.$/, '')}. A training can be resumed after its last ` +
        'finished epoch. If memory ran out, use smaller micro-batches or fewer workers.',
      { cause },
    );
    this.worker = worker;
  }
}

/** An error as it travels between threads. */
export interface ErrorMessage {
  readonly name: string;
  readonly message: string;
  readonly stack?: string | undefined;
}

/** @internal */
export function toErrorMessage(error: unknown): ErrorMessage {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  return { name: error.name, message: error.message, stack: error.stack };
}

/** @internal */
export function fromErrorMessage({ name, message, stack }: ErrorMessage): Error {
  return Object.assign(new Error(message), { name, stack });
}
