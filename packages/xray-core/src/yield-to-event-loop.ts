/**
 * Lets timers, signals and progress bars run. The wasm and cpu backends compute synchronously, so that awaiting
 * their tensors alone never leaves the current turn of the event loop.
 */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
