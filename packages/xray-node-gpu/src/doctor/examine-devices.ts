import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { DEVICE_KINDS, type DeviceKind } from '../devices/device.js';
import { examineDevice } from '../devices/examine-device.js';
import type { ProbeResult } from '../devices/probe-device.js';
import { STARTERS } from '../devices/starters.js';

/** One line of the doctor's table. */
export type ExaminedDevice = { readonly kind: DeviceKind } & ProbeResult;

/** The machine as far as devices depend on it. */
export interface MachineFacts {
  readonly node: string;
  readonly platform: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryMegabytes: number;
  /** One entry for each GPU `nvidia-smi` lists: name, driver, memory. */
  readonly nvidia: readonly string[];
}

/** Tries every kind of device afresh, each in a process of its own. */
export async function examineDevices(options: { software: boolean }): Promise<ExaminedDevice[]> {
  const examined: ExaminedDevice[] = [];
  for (const kind of DEVICE_KINDS) {
    examined.push({ kind, ...(await examineDevice(kind, STARTERS[kind], { ...options, cache: null })) });
  }
  return examined;
}

/** Looks at the machine. */
export function machineFacts(): MachineFacts {
  const smi = spawnSync(
    'nvidia-smi',
    ['--query-gpu=name,driver_version,memory.total', '--format=csv,noheader'],
    {
      encoding: 'utf8',
      timeout: 10_000,
    },
  );
  return {
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryMegabytes: Math.round(totalmem() / 2 ** 20),
    nvidia: smi.status === 0 ? smi.stdout.trim().split('\n').filter(Boolean) : [],
  };
}
