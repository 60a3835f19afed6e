/** One end of the message channel between a program and a worker. Messages are cloned; shared memory stays shared. */
export interface WorkerChannel {
  /** Whether a SharedArrayBuffer in a message stays shared; between processes it cannot. @default true */
  readonly sharesMemory?: boolean | undefined;
  /**
   * Sends a message to the other end.
   *
   * @param transfer - Buffers in the message that the other end takes over instead of copying.
   */
  post(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  /** Called once, while the worker's module is evaluated: later, messages may have been missed. */
  onMessage(listener: (message: unknown) => void): void;
}

/** A started worker, as its program sees it: a thread or a process in Node, a Web Worker in browsers. */
export interface WorkerHandle extends WorkerChannel {
  /** Called when the worker cannot start, throws outside of a request, runs out of memory or exits. */
  onFailure(listener: (error: Error) => void): void;
  /** Ends the worker at once. */
  terminate(): Promise<void>;
}
