import { describe, expect, it } from 'vitest';
import { abortOnSignals } from './abort-on-signals.js';

describe('abortOnSignals', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('aborts on %s and lets go of the process afterwards', (name) => {
    const before = process.listenerCount(name);
    const { signal, release } = abortOnSignals();
    expect(signal.aborted).toBe(false);
    process.emit(name, name);

    expect(signal.aborted).toBe(true);
    expect(signal.reason).toBe(name);
    release();
    expect(process.listenerCount(name)).toBe(before);
  });
});
