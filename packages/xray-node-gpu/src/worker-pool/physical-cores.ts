import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';

/** @internal What cores are counted from. */
export interface CoreFacts {
  /** Threads this process may run at once, by its CPU affinity. */
  readonly available: number;
  /** Threads of the machine. */
  readonly logical: number;
  readonly architecture: string;
  /** Text of a file, `undefined` where there is none. */
  readFile(path: string): string | undefined;
}

/**
 * Physical cores this process may use: as many workers as it pays to have, since two threads of one core share the
 * units that kernels of `xray-wasm` keep busy.
 *
 * On Linux it counts the cores in `/proc/cpuinfo`, within the process's CPU affinity and the quota of its container
 * (cgroup v1 and v2). Elsewhere it takes the available threads, half of them on x64, where most processors run two
 * per core.
 *
 * @returns At least 1.
 */
export function physicalCores(): number {
  return countCores(machineFacts());
}

/** @internal */
export function countCores(facts: CoreFacts): number {
  const cores = Math.min(facts.available / threadsPerCore(facts), quotaOf(facts));
  return Math.max(1, Math.floor(cores));
}

function threadsPerCore({ logical, architecture, readFile }: CoreFacts): number {
  const cpuinfo = readFile('/proc/cpuinfo');
  if (cpuinfo === undefined) return architecture === 'x64' && logical > 1 ? 2 : 1;
  const cores = new Set<string>();
  for (const processor of cpuinfo.split(/\n\s*\n/)) {
    const core = /^core id\s*:\s*(\d+)/m.exec(processor)?.[1];
    const socket = /^physical id\s*:\s*(\d+)/m.exec(processor)?.[1];
    if (core !== undefined) cores.add(`${socket}:${core}`);
  }
  return cores.size === 0 ? 1 : logical / cores.size; // ARM lists no cores: it has no second threads
}

/** CPU time per wall-clock time that the container may use. */
function quotaOf({ readFile }: CoreFacts): number {
  const [quota, period] = readFile('/sys/fs/cgroup/cpu.max')?.split(/\s+/) ?? [
    readFile('/sys/fs/cgroup/cpu/cpu.cfs_quota_us'),
    readFile('/sys/fs/cgroup/cpu/cpu.cfs_period_us'),
  ];
  const share = Number(quota) / Number(period);
  return share > 0 ? share : Number.POSITIVE_INFINITY; // `max`, -1 or no such file
}

function machineFacts(): CoreFacts {
  return {
    available: availableParallelism(),
    logical: cpus().length,
    architecture: process.arch,
    readFile(path) {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        return undefined;
      }
    },
  };
}
