import {
  type ChildProcessWithoutNullStreams,
  type SpawnOptionsWithoutStdio,
  spawn,
} from 'node:child_process';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..', '..');
/** `xray`, as the sources have it. */
const XRAY = join(ROOT, 'packages', 'xray-cli', 'src', 'bin', 'xray.ts');

/** How a program ended. */
export interface ProgramEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs `xray` as a user would, in a process of its own.
 *
 * @param command - Such as `train --recipe robust`.
 * @param onOutput - Sees all of stderr so far, and may send a signal.
 */
export function runXray(
  command: string,
  args: readonly string[],
  onOutput: (stderr: string, kill: (signal: NodeJS.Signals) => void) => void = () => {},
  options: SpawnOptionsWithoutStdio = {},
): Promise<ProgramEnd> {
  return runSource(XRAY, [...command.split(' '), ...args], onOutput, options);
}

/** The same for any TypeScript source, given by its path. */
export function runSource(
  file: string,
  args: readonly string[],
  onOutput: (stderr: string, kill: (signal: NodeJS.Signals) => void) => void = () => {},
  options: SpawnOptionsWithoutStdio = {},
): Promise<ProgramEnd> {
  const node = ['--import', import.meta.resolve('tsx'), '--conditions=@xray/source', file];
  return watch(spawn(process.execPath, [...node, ...args], { cwd: ROOT, ...options }), onOutput);
}

/** The same through the script of `pnpm xray`, in a process group of its own; `kill` signals the group, as Ctrl+C does. */
export function runInTerminal(
  command: string,
  args: readonly string[],
  onOutput: (stderr: string, kill: (signal: NodeJS.Signals) => void) => void = () => {},
): Promise<ProgramEnd> {
  const script = join(ROOT, 'tools', 'run-source.mjs');
  const all = [script, XRAY, ...command.split(' '), ...args];
  const child = spawn(process.execPath, all, { cwd: ROOT, detached: true });
  return watch(child, (stderr) => onOutput(stderr, (signal) => void process.kill(-child.pid!, signal)));
}

function watch(
  child: ChildProcessWithoutNullStreams,
  onOutput: (stderr: string, kill: (signal: NodeJS.Signals) => void) => void,
): Promise<ProgramEnd> {
  const end: ProgramEnd = { code: null, signal: null, stdout: '', stderr: '' };
  child.stdout.on('data', (data: Buffer) => {
    end.stdout += data;
  });
  child.stderr.on('data', (data: Buffer) => {
    end.stderr += data;
    onOutput(end.stderr, (signal) => void child.kill(signal));
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ ...end, code, signal }));
  });
}
