import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { DeviceFacts, DeviceKind } from './device.js';
import { explainFailure, type FailureExplanation } from './explain-failure.js';
import { uncaughtMessage } from './uncaught-message.js';

/** What a device said of itself in a process of its own. */
export type ProbeResult =
  | { readonly works: true; readonly facts: DeviceFacts }
  | ({ readonly works: false; readonly installed: boolean } & FailureExplanation);

/** A first start compiles shaders and loads hundreds of megabytes. */
const TIMEOUT_MILLISECONDS = 60_000;

const CHILD = fileURLToPath(new URL('../../probe-child.mjs', import.meta.url));

type Answer = DeviceFacts & { readonly error?: string | undefined; readonly usesGpu?: boolean | undefined };

/**
 * Tries a device in a child process: native modules can crash, hang or print, and a failed one can leave the process
 * unable to load another.
 *
 * @param modules - Absolute path of the entry of every package it needs, by npm name; the first is named in errors.
 */
export async function probeDevice(
  kind: DeviceKind,
  modules: Readonly<Record<string, string>>,
  options: { software: boolean; child?: string | undefined; timeout?: number | undefined },
): Promise<ProbeResult> {
  const { code, signal, stdout, stderr, timedOut } = await runChild(
    options.child ?? CHILD,
    JSON.stringify({ kind, modules, software: options.software }),
    options.timeout ?? TIMEOUT_MILLISECONDS,
  );
  const packageName = Object.keys(modules)[0] ?? kind;
  const answer = readAnswer(stdout);
  if (timedOut) {
    return {
      works: false,
      installed: true,
      reason: `${packageName} did not answer within ${(options.timeout ?? TIMEOUT_MILLISECONDS) / 1000} s`,
    };
  }
  if (!answer || answer.error !== undefined) {
    const ending = signal
      ? `the process that tried it was ended by ${signal}`
      : (uncaughtMessage(stderr) ?? `exit code ${code}`);
    const output = [stderr, stdout.replace(/^XRAY_PROBE .*$/m, ''), answer?.error ?? ending].join('\n');
    return { works: false, installed: true, ...explainFailure(kind, output, packageName) };
  }
  if (kind === 'node-gpu' && !answer.usesGpu) {
    return {
      works: false,
      installed: true,
      ...explainFailure(kind, `${stderr}\nit does not use the GPU`, packageName),
    };
  }
  const { usesGpu: _, error: __, ...facts } = answer;
  if (facts.isSoftware && !options.software) {
    return {
      works: false,
      installed: true,
      reason: `the only adapter is emulated on the CPU (${facts.adapter}), slower than wasm`,
      fix: 'Install the driver of the GPU, or ask for a software adapter.',
    };
  }
  return { works: true, facts: { ...facts, versions: facts.versions ?? {} } };
}

interface ChildResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
}

function runChild(child: string, argument: string, timeout: number): Promise<ChildResult> {
  return new Promise((resolve) => {
    const running = spawn(process.execPath, [child, argument], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    let timedOut = false;
    running.stdout.on('data', (data) => {
      stdout += data;
    });
    running.stderr.on('data', (data) => {
      stderr += data;
    });
    const timer = setTimeout(() => {
      timedOut = true;
      running.kill('SIGKILL');
    }, timeout);
    const finish = (code: number | null, signal: NodeJS.Signals | null) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout, stderr, timedOut });
    };
    running.once('error', (error) => {
      stderr += error.message;
      finish(null, null);
    });
    running.once('close', finish);
  });
}

function readAnswer(stdout: string): Answer | undefined {
  const line = stdout.match(/^XRAY_PROBE (.*)$/m)?.[1];
  return line === undefined ? undefined : (JSON.parse(line) as Answer);
}
