import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { XrayError } from 'xray-core';
import type { DeviceKind } from 'xray-node-gpu';
import type { Trained } from './inception-v3.js';
import type { Spread } from './time-in-turns.js';

/** What a child process is to measure. */
export interface ChildJob {
  readonly device: DeviceKind;
  /** The reference CNN, or what of InceptionV3 trains. */
  readonly network: 'cnn' | Trained;
  readonly works: readonly ('forward' | 'step')[];
  readonly imageSize: number;
  readonly batch: number;
  readonly microBatch: number;
  readonly rounds: number;
}

/** What it measured, in the order of `works`. */
export interface ChildResult {
  readonly spreads: readonly Spread[];
  readonly gigaOperations: readonly number[];
  /** Largest resident set of the process. */
  readonly peakMegabytes: number;
  readonly device: string;
}

/**
 * Measures in a process of its own.
 *
 * @throws {XrayError} `child-failed` with what the child failed with.
 */
export async function runChild(job: ChildJob, signal: AbortSignal): Promise<ChildResult> {
  const script = fileURLToPath(new URL('./child.ts', import.meta.url));
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [...process.execArgv, script, JSON.stringify(job)],
      { signal, maxBuffer: 2 ** 24 },
    );
    return JSON.parse(stdout.trim().split('\n').at(-1)!) as ChildResult;
  } catch (error) {
    signal.throwIfAborted();
    const { stderr = '', message } = error as { stderr?: string; message: string };
    const reason = /^\w*Error(?: \[.*\])?: (.*)/m.exec(stderr)?.[1] ?? message;
    throw new XrayError('child-failed', reason.slice(0, 200), { cause: error });
  }
}
