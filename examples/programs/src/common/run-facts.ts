import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';
import { basename } from 'node:path';
import { version_core } from '@tensorflow/tfjs-core';
import type { Device } from 'xray-node-gpu';

/** What identifies the device, the machine and the code of a run. */
export function machineFacts(device: Device) {
  return {
    device: device.description,
    skippedDevices: device.skipped.map(({ kind, reason }) => `${kind}: ${reason}`),
    tensorflowjs: version_core,
    ...hostFacts(),
  };
}

/** The same for programs without tensors. */
export function hostFacts() {
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    commit: gitCommit(),
  };
}

/** The command as a user types it. */
export function commandLine(): string {
  const args = process.argv.slice(2);
  return [
    'pnpm example',
    programName(),
    ...args.map((arg) => (/[^\w./:=-]/.test(arg) ? JSON.stringify(arg) : arg)),
  ].join(' ');
}

/** Name of the running example. */
export function programName(): string {
  return basename(process.argv[1] ?? '', '.ts');
}

/** Of this checkout, marked when files differ from it; `null` outside a repository. */
function gitCommit(): string | null {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim();
  try {
    return git('rev-parse', 'HEAD') + (git('status', '--porcelain') === '' ? '' : ' with changes');
  } catch {
    return null;
  }
}
