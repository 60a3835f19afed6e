import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
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
    version: VERSION,
    commit: gitCommit(),
  };
}

/** Version of this package. */
export const VERSION: string = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
).version;

/** Of the checkout that the sources run from, marked when files differ from it; `null` for the published package. */
function gitCommit(): string | null {
  if (!import.meta.url.endsWith('.ts')) return null;
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
