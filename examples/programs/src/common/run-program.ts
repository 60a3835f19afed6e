import { AbortedError, type ProgressCallback, XrayError } from 'xray-core';
import {
  abortOnSignals,
  type Device,
  type DeviceKind,
  explainExhaustion,
  selectDevice,
  terminalProgress,
} from 'xray-node-gpu';

const BAD_IMAGE_FLAG = ' (The flag is `--on-bad-image skip`.)';

/** What a program is given to work with. */
export interface ProgramContext {
  readonly device: Device;
  readonly signal: AbortSignal;
  readonly onProgress: ProgressCallback;
  /** Prints a line for people, to stderr; stdout is for results. */
  say(text: string): void;
}

/**
 * Runs a program on a device: progress on stderr, Ctrl+C ends it cleanly, expected errors are printed as one
 * sentence, and the exit code says how it went (0 done, 1 failed, 130 interrupted, 143 terminated).
 *
 * @param afterAbort - What the user can do after an interruption.
 */
export async function runProgram(
  flags: { readonly device?: DeviceKind | undefined },
  afterAbort: string,
  main: (context: ProgramContext) => Promise<void>,
): Promise<void> {
  const abort = abortOnSignals();
  const progress = terminalProgress();
  const say = (text: string) => {
    progress.close();
    console.error(text);
  };
  let device: Device | undefined;
  try {
    device = await selectDevice(flags.device ? { require: flags.device } : {});
    for (const { kind, installed, reason } of device.skipped) {
      if (installed) say(`Skipped ${kind}: ${reason}`);
    }
    say(`Device: ${device.description}`);
    await main({ device, signal: abort.signal, onProgress: progress.onProgress, say });
  } catch (error) {
    const exhaustion = device && explainExhaustion(error, { kind: device.kind });
    process.exitCode = describeFailure(exhaustion ?? error, say, afterAbort);
  } finally {
    progress.close();
    abort.release();
    device?.dispose();
  }
}

function describeFailure(error: unknown, say: (text: string) => void, afterAbort: string): number {
  if (error instanceof AbortedError) {
    say(`Interrupted. ${afterAbort}`);
    return error.cause === 'SIGTERM' ? 143 : 130;
  }
  if (XrayError.isInstance(error))
    say(`Error: ${error.message}${error.code === 'bad-image' ? BAD_IMAGE_FLAG : ''}`);
  else say(`Unexpected error, please report it:\n${error instanceof Error ? error.stack : String(error)}`);
  return 1;
}
