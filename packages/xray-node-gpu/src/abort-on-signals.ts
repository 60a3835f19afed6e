/** An abort signal tied to the process' own signals. */
export interface ProcessAbort {
  readonly signal: AbortSignal;
  /** Forgets the process' signals again. */
  release(): void;
}

/**
 * Aborts on the first SIGINT (Ctrl+C) or SIGTERM, so that a training ends between two batches with its checkpoints
 * whole. The second one ends the process at once, with the usual exit code (130 or 143).
 */
export function abortOnSignals(): ProcessAbort {
  const controller = new AbortController();
  const codes = { SIGINT: 130, SIGTERM: 143 } as const;
  const listener = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) process.exit(codes[name as keyof typeof codes]);
    controller.abort(name);
  };
  for (const name of Object.keys(codes)) process.on(name, listener);
  return {
    signal: controller.signal,
    release: () => {
      for (const name of Object.keys(codes)) process.off(name, listener);
    },
  };
}
