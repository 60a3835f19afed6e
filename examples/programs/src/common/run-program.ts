import { AbortedError, type ProgressCallback, XrayError } from 'xray-core';
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

/** Which device to run on. */
export interface DeviceFlags {
  readonly device?: DeviceKind | undefined;
  readonly memoryLimit?: number | undefined;
  readonly workers?: number | undefined;
}

/** What a program is given to work with. */
export interface TaskContext {
  readonly signal: AbortSignal;
  readonly onProgress: ProgressCallback;
  /** Prints a line for people, to stderr; stdout is for results. */
  say(text: string): void;
}

/** The same for a program that computes with tensors. */
export interface ProgramContext extends TaskContext {
  readonly device: Device;
}

/**
 * Runs a program: progress on stderr, Ctrl+C ends it cleanly, expected errors are printed as one sentence, and the exit
 * code says how it went (0 done, 1 failed, 130 interrupted, 143 terminated).
 *
 * @param afterAbort - What the user can do after an interruption.
 */
export async function runTask(
  afterAbort: string,
  main: (context: TaskContext) => Promise<void>,
): Promise<void> {
  const abort = abortOnSignals();
  const progress = terminalProgress();
  const say = (text: string) => {
    progress.close();
    console.error(text);
  };
  try {
    await main({ signal: abort.signal, onProgress: progress.onProgress, say });
  } catch (error) {
    process.exitCode = describeFailure(error, say, afterAbort);
  } finally {
    progress.close();
    abort.release();
  }
}

/** The same on a device. */
export async function runProgram(
  flags: DeviceFlags,
  afterAbort: string,
  main: (context: ProgramContext) => Promise<void>,
): Promise<void> {
  await runTask(afterAbort, async (context) => {
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

function describeFailure(error: unknown, say: (text: string) => void, afterAbort: string): number {
  if (error instanceof AbortedError) {
    say(`Interrupted. ${afterAbort}`);
    return error.cause === 'SIGTERM' ? 143 : 130;
  }
  if (XrayError.isInstance(error)) say(`Error: ${error.message}${FLAGS_OF[error.code] ?? ''}`);
  else say(`Unexpected error, please report it:\n${error instanceof Error ? error.stack : String(error)}`);
  return 1;
}
