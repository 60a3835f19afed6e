const marker: unique symbol = Symbol.for('xray.error');

/** Parent of every error these packages throw on purpose; anything else is a bug. */
export class XrayError extends Error {
  readonly [marker] = true;

  constructor(
    /** Stable identifier to branch on. Messages may be reworded, codes may not. */
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
  }

  /** Like `instanceof`, but also true when two copies of the package are installed. */
  static isInstance(error: unknown): error is XrayError {
    return typeof error === 'object' && error !== null && marker in error;
  }
}

/** A caller passed a value the function cannot work with. Code `invalid-argument`. */
export class InvalidArgumentError extends XrayError {
  readonly argument: string;
  readonly received: unknown;

  constructor(details: { argument: string; expected: string; received: unknown; fix?: string | undefined }) {
    const { argument, expected, received, fix } = details;
    super(
      'invalid-argument',
      `\`${argument}\` must be ${expected}. Received: ${describe(received)}.${fix ? ` ${fix}` : ''}`,
    );
    this.argument = argument;
    this.received = received;
  }
}

/**
 * A file or folder that cannot be used: missing, truncated, corrupt, of another
 * kind, or not writable. Code `bad-file`.
 */
export class FileError extends XrayError {
  /** Path or URL as the caller knows it. */
  readonly file: string;
  /** What is wrong, without the file name. */
  readonly problem: string;

  constructor(details: { file: string; problem: string; fix?: string | undefined; cause?: unknown }) {
    const { file, problem, fix, cause } = details;
    super(
      'bad-file',
      `${file}: ${problem}.${fix ? ` ${fix}` : ''}`,
      cause === undefined ? undefined : { cause },
    );
    this.file = file;
    this.problem = problem;
  }
}

/** Two things that must share one ordered list of classes do not. Code `class-mismatch`. */
export class ClassMismatchError extends XrayError {
  readonly expected: readonly string[];
  readonly received: readonly string[];

  constructor(details: {
    what: string;
    expected: readonly string[];
    received: readonly string[];
    fix?: string | undefined;
  }) {
    const { what, expected, received, fix } = details;
    super(
      'class-mismatch',
      `${what} must have the classes [${expected.join(', ')}] in this order. Received: [${received.join(', ')}].${fix ? ` ${fix}` : ''}`,
    );
    this.expected = expected;
    this.received = received;
  }
}

/** The caller's `AbortSignal` fired. Code `aborted`; `cause` is the signal's reason. */
export class AbortedError extends XrayError {
  constructor(what: string, cause?: unknown) {
    super('aborted', `${what} was aborted.`, { cause });
  }
}

/** Throws `AbortedError` once `signal` has fired. `what` names the work, for example `'Training'`. */
export function throwIfAborted(signal: AbortSignal | undefined, what: string): void {
  if (signal?.aborted) throw new AbortedError(what, signal.reason);
}

/** Short, readable form of any value: JSON where possible, `NaN` and `undefined` as themselves. */
function describe(value: unknown): string {
  if (typeof value === 'number' || value === undefined) return String(value);
  try {
    const text = JSON.stringify(value) ?? String(value);
    return text.length > 200 ? `${text.slice(0, 200)}…` : text;
  } catch {
    return String(value);
  }
}
