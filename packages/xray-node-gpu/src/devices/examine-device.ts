import * as tf from '@tensorflow/tfjs-core';
import type { DeviceKind, DeviceStarter, SkippedDevice } from './device.js';
import { isIncomplete, locatePackages } from './locate-packages.js';
import { type ProbeCache, probeCache, probeKey } from './probe-cache.js';
import { type ProbeResult, probeDevice } from './probe-device.js';

/** Options of `examineDevice`. */
export interface ExamineOptions {
  readonly software: boolean;
  /** `null` probes afresh and remembers nothing. @default the user's cache */
  readonly cache?: ProbeCache | null | undefined;
}

/**
 * Finds out whether a device works here, without loading it into this process. Devices without optional packages always
 * pass: starting them is the test.
 */
export async function examineDevice(
  kind: DeviceKind,
  starter: DeviceStarter,
  options: ExamineOptions,
): Promise<ProbeResult> {
  const { software, cache = probeCache() } = options;
  if (starter.packages.length === 0) {
    return { works: true, facts: { versions: { '@tensorflow/tfjs-core': tf.version_core } } };
  }
  const packages = locatePackages(starter.packages);
  const missing = starter.packages.filter((name) => !packages[name]);
  const incomplete = missing.find(isIncomplete);
  if (incomplete !== undefined) {
    return {
      ...{ works: false, installed: true },
      reason: `${incomplete} is installed incompletely: its folder has no entry that can be loaded`,
      fix: `Install it again: remove node_modules/${incomplete}, then ${starter.install}`,
    };
  }
  if (missing.length > 0) {
    return {
      works: false,
      installed: false,
      reason: `${missing.join(' and ')} is not installed`,
      fix: starter.install,
    };
  }
  const key = probeKey(kind, packages, software);
  const known = cache?.read(key);
  if (known) return known;
  const entries = Object.fromEntries(starter.packages.map((name) => [name, packages[name]!.entry]));
  const result = await probeDevice(kind, entries, { software });
  const versions = Object.fromEntries(starter.packages.map((name) => [name, packages[name]!.version]));
  const complete: ProbeResult = result.works
    ? { works: true, facts: { ...result.facts, versions: { ...versions, ...result.facts.versions } } }
    : result;
  cache?.write(key, complete);
  return complete;
}

/** A failed examination as an entry of `Device.skipped`. */
export function skippedDevice(
  kind: DeviceKind,
  { installed, reason, fix }: Extract<ProbeResult, { works: false }>,
): SkippedDevice {
  return { kind, installed, reason, ...(fix === undefined ? {} : { fix }) };
}
