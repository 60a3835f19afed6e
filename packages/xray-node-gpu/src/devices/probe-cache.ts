import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { DeviceKind } from './device.js';
import type { LocatedPackage } from './locate-packages.js';
import type { ProbeResult } from './probe-device.js';

/** A broken machine may have been mended in the meantime. */
const FAILURE_LIFETIME = 10 * 60_000;

/** What a probe's result depends on; part of its key. */
const VARIABLES = [
  'CUDA_VISIBLE_DEVICES',
  'LD_LIBRARY_PATH',
  'PATH',
  'TF_FORCE_GPU_ALLOW_GROWTH',
  'VK_DRIVER_FILES',
  'VK_ICD_FILENAMES',
];
const DRIVER_FILES = ['/proc/driver/nvidia/version', '/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d'];

/** Remembered probe results. */
export interface ProbeCache {
  read(key: string): ProbeResult | undefined;
  write(key: string, result: ProbeResult): void;
}

/**
 * Probe results in the user's cache folder (`$XDG_CACHE_HOME/xray-node-gpu`), one small file each. A cache that cannot
 * be read or written costs time, never an error.
 *
 * @param folder - Another folder, for tests.
 */
export function probeCache(
  folder: string = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'xray-node-gpu'),
): ProbeCache {
  const fileOf = (key: string) => join(folder, `${key}.json`);
  return {
    read(key) {
      try {
        const { time, result } = JSON.parse(readFileSync(fileOf(key), 'utf8')) as Entry;
        return result.works || Date.now() - time < FAILURE_LIFETIME ? result : undefined;
      } catch {
        return undefined;
      }
    },
    write(key, result) {
      try {
        mkdirSync(folder, { recursive: true });
        const temporary = `${fileOf(key)}.${process.pid}`;
        writeFileSync(temporary, JSON.stringify({ time: Date.now(), result } satisfies Entry));
        renameSync(temporary, fileOf(key));
      } catch {
        // a read-only home: probe again next time
      }
    },
  };
}

interface Entry {
  readonly time: number;
  readonly result: ProbeResult;
}

/** Names everything a result depends on: Node, package versions and builds, drivers, environment, the adapter asked for. */
export function probeKey(
  kind: DeviceKind,
  packages: Readonly<Partial<Record<string, LocatedPackage>>>,
  software: boolean,
): string {
  const parts = [
    ...[kind, process.version, process.platform, process.arch, String(software)],
    ...Object.entries(packages).map(
      ([name, found]) => `${name}@${found?.version}:${changedAt(found?.entry)}`,
    ),
    ...VARIABLES.map((name) => `${name}=${process.env[name] ?? ''}`),
    ...DRIVER_FILES.map((file) => `${file}:${changedAt(file)}`),
  ];
  return `${kind}-${createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 24)}`;
}

function changedAt(file: string | undefined): number {
  try {
    return file === undefined ? 0 : statSync(file).mtimeMs;
  } catch {
    return 0;
  }
}
