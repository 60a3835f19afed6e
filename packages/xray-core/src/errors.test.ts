import { describe, expect, it } from 'vitest';
import {
  AbortedError,
  ClassMismatchError,
  FileError,
  InvalidArgumentError,
  throwIfAborted,
  XrayError,
} from './errors.js';

describe('errors', () => {
  it('carry a code, their class name, fields and a sentence with the fix', () => {
    const error = new InvalidArgumentError({
      argument: 'batchSize',
      expected: 'a positive integer',
      received: Number.NaN,
      fix: 'Use 32.',
    });

    expect(error.message).toBe('`batchSize` must be a positive integer. Received: NaN. Use 32.');
    expect(error).toMatchObject({
      code: 'invalid-argument',
      name: 'InvalidArgumentError',
      argument: 'batchSize',
    });
    expect(
      new ClassMismatchError({ what: 'The model', expected: ['a', 'b'], received: ['b', 'a'] }).message,
    ).toBe('The model must have the classes [a, b] in this order. Received: [b, a].');
    expect(new FileError({ file: 'x.bin', problem: 'is truncated' }).message).toBe('x.bin: is truncated.');
  });

  it('are recognised across copies of the package', () => {
    const fromOtherCopy = Object.assign(new Error('no'), { [Symbol.for('xray.error')]: true });

    expect(XrayError.isInstance(fromOtherCopy)).toBe(true);
    expect(XrayError.isInstance(new Error('no'))).toBe(false);
    expect(XrayError.isInstance(undefined)).toBe(false);
  });

  it('survive values that JSON cannot show', () => {
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    const message = (received: unknown) =>
      new InvalidArgumentError({ argument: 'x', expected: 'fine', received }).message;

    expect(message(circular)).toContain('[object Object]');
    expect(message(undefined)).toContain('Received: undefined.');
    expect(message('y'.repeat(1000)).length).toBeLessThan(300);
  });

  it('throw once a signal has fired, with its reason as the cause', () => {
    const controller = new AbortController();
    expect(() => throwIfAborted(controller.signal, 'Training')).not.toThrow();
    controller.abort('stop');

    expect(() => throwIfAborted(controller.signal, 'Training')).toThrow(new AbortedError('Training'));
    try {
      throwIfAborted(controller.signal, 'Training');
    } catch (error) {
      expect(error).toMatchObject({ code: 'aborted', cause: 'stop' });
    }
  });
});
