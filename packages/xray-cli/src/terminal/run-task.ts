import { AbortedError, InvalidArgumentError, type ProgressEvent, XrayError } from 'xray-core';
import {
  abortOnSignals,
  type Device,
  type DeviceKind,
  explainExhaustion,
  selectDevice,
  terminalProgress,
} from 'xray-node-gpu';

/** What the user can do about an error, by its code. */
const FLAGS_OF: Readonly<Record<string, string>> = {
  'bad-image': ' (The flag is `--on-bad-image skip`.)',
  'bad-layout': ' (For images that a CSV table labels, pass `--mapping`.)',
  'patient-overlap': ' (The flag is `--on-shared-patients`.)',
  'device-memory': ' (Training has the flags `--micro-batch` and `--image-size`.)',
};

/** How much a program says. */
export interface OutputFlags {
  /** Errors and results only. */
  readonly quiet?: boolean | undefined;
  /** Events and results as JSON on stdout, one a line. */
  readonly json?: boolean | undefined;
}

/** Which device to run on. */
export interface DeviceFlags {
  readonly device?: DeviceKind | undefined;
  readonly memoryLimit?: number | undefined;
  readonly workers?: number | undefined;
}

/** An event of a library, or a sentence for people. */
export type TaskEvent = ProgressEvent | { readonly type: 'note'; readonly text: string };

/** What a program is given to work with. */
export interface TaskContext {
  readonly signal: AbortSignal;
  /** Shows progress and sentences, on stderr; with `--json` it prints events. */
  onEvent(event: TaskEvent): void;
  /** Prints a sentence for people. */
  say(text: string): void;
  /**
   * Prints the result on stdout: as text, or with `--json` as the event `result`.
   *
   * @param facts - For machines.
   */
  finish(text: string, facts: object): void;
}

/** The same for a program that computes with tensors. */
export interface DeviceContext extends TaskContext {
  readonly device: Device;
}

/**
 * Runs a program: progress on stderr, Ctrl+C ends it cleanly, expected errors are printed as one sentence, and the exit
 * code says how it went (0 done, 1 failed, 130 interrupted, 143 terminated).
 *
 * @param flags - How much it says.
 * @param afterAbort - What the user can do after an interruption.
 */
export async function runTask(
  flags: OutputFlags,
  afterAbort: string,
  main: (context: TaskContext) => Promise<void>,
): Promise<void> {
  const abort = abortOnSignals();
  const output = flags.json ? jsonOutput() : textOutput(flags.quiet ?? false);
  try {
    await main({ ...output, signal: abort.signal, say: (text) => output.onEvent({ type: 'note', text }) });
  } catch (error) {
    process.exitCode = describeFailure(error, output.fail, afterAbort);
  } finally {
    output.close();
    abort.release();
  }
}

/** The same on a device. */
export async function runOnDevice(
  flags: DeviceFlags & OutputFlags,
  afterAbort: string,
  main: (context: DeviceContext) => Promise<void>,
): Promise<void> {
  await runTask(flags, afterAbort, async (context) => {
    const { device: require, memoryLimit, workers } = flags;
    const device = await selectDevice({
      ...(require ? { require } : {}),
      ...(memoryLimit === undefined ? {} : { memoryLimit }),
      ...(workers === undefined ? {} : { workers }),
    });
    try {
      for (const { kind, installed, reason } of device.skipped) {
        if (installed) context.say(`Skipped ${kind}: ${reason}`);
      }
      context.say(`Device: ${device.description}`);
      if (workers !== undefined && workers > device.workers) {
        context.say(`${device.kind} computes without workers: it uses the whole device by itself.`);
      }
      await main({ ...context, device });
    } catch (error) {
      const isExplained = XrayError.isInstance(error) && error.code === 'device-memory';
      throw (!isExplained && explainExhaustion(error, { kind: device.kind })) || error;
    } finally {
      device.dispose();
    }
  });
}

/** Where events, results and errors go. */
interface Output extends Pick<TaskContext, 'onEvent' | 'finish'> {
  fail(text: string, facts: object): void;
  close(): void;
}

function textOutput(quiet: boolean): Output {
  const progress = terminalProgress();
  const print = (text: string) => {
    progress.close();
    console.error(text);
  };
  return {
    onEvent(event) {
      if (quiet) return;
      if (event.type === 'note') print(event.text);
      else progress.onProgress(event);
    },
    finish(text) {
      progress.close();
      console.log(text);
    },
    fail: print,
    close: () => progress.close(),
  };
}

function jsonOutput(): Output {
  const print = (event: object) => process.stdout.write(`${JSON.stringify(event)}\n`);
  return {
    onEvent: print,
    finish: (_, facts) => print({ type: 'result', ...facts }),
    fail(text, facts) {
      print({ type: 'error', message: text, ...facts });
      console.error(text);
    },
    close() {},
  };
}

function describeFailure(error: unknown, fail: Output['fail'], afterAbort: string): number {
  if (error instanceof AbortedError) {
    fail(`Interrupted. ${afterAbort}`, { code: 'aborted' });
    return error.cause === 'SIGTERM' ? 143 : 130;
  }
  if (XrayError.isInstance(error)) {
    fail(`Error: ${namingFlags(error)}${FLAGS_OF[error.code] ?? ''}`, { code: error.code });
  } else {
    const stack = error instanceof Error ? error.stack : String(error);
    fail(`Unexpected error, please report it:\n${stack}`, { code: 'unexpected' });
  }
  return 1;
}

/** The message with the flag that was typed instead of the option of the library that it became. */
function namingFlags(error: XrayError): string {
  const argument = error instanceof InvalidArgumentError ? error.argument : '';
  const flag = `--${argument.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  return process.argv.includes(flag)
    ? error.message.replace(`\`${argument}\``, `\`${flag}\``)
    : error.message;
}
