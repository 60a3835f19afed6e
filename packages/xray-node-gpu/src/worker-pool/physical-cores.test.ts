import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { type CoreFacts, countCores, physicalCores } from './physical-cores.js';

/** Lines of /proc/cpuinfo that matter; `threads` of each of `cores` on each of `sockets`. */
function cpuinfo(sockets: number, cores: number, threads: number): string {
  const processors: string[] = [];
  for (let thread = 0; thread < threads; thread++) {
    for (let socket = 0; socket < sockets; socket++) {
      for (let core = 0; core < cores; core++) {
        processors.push(
          `processor\t: ${processors.length}\nphysical id\t: ${socket}\nsiblings\t: ${cores * threads}\ncore id\t\t: ${core}\ncpu cores\t: ${cores}`,
        );
      }
    }
  }
  return `${processors.join('\n\n')}\n\n`;
}

const facts = (files: Record<string, string>, logical: number, available = logical): CoreFacts => ({
  ...{ available, logical, architecture: 'x64' },
  readFile: (path) => files[path],
});

describe('physicalCores', () => {
  it('counts cores, not threads', () => {
    expect(countCores(facts({ '/proc/cpuinfo': cpuinfo(1, 4, 2) }, 8))).toBe(4);
    expect(countCores(facts({ '/proc/cpuinfo': cpuinfo(1, 4, 1) }, 4))).toBe(4);
    expect(countCores(facts({ '/proc/cpuinfo': cpuinfo(2, 8, 2) }, 32))).toBe(16);
  });

  it('stays within the CPU affinity and the quota of a container', () => {
    const machine = { '/proc/cpuinfo': cpuinfo(1, 16, 2) };
    expect(countCores(facts(machine, 32, 8))).toBe(4);
    expect(countCores(facts({ ...machine, '/sys/fs/cgroup/cpu.max': '250000 100000\n' }, 32))).toBe(2);
    expect(countCores(facts({ ...machine, '/sys/fs/cgroup/cpu.max': '50000 100000\n' }, 32))).toBe(1);
    expect(countCores(facts({ ...machine, '/sys/fs/cgroup/cpu.max': 'max 100000\n' }, 32))).toBe(16);
    const quota = (value: string) => ({
      ...machine,
      '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': value,
      '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
    });
    expect(countCores(facts(quota('300000\n'), 32))).toBe(3);
    expect(countCores(facts(quota('-1\n'), 32))).toBe(16);
  });

  it('takes ARM processors as they are, and half of the threads of other x64 machines', () => {
    const arm = 'processor\t: 0\nBogoMIPS\t: 48.00\n\nprocessor\t: 1\nBogoMIPS\t: 48.00\n\n';
    expect(countCores(facts({ '/proc/cpuinfo': arm }, 2))).toBe(2);
    expect(countCores(facts({}, 8))).toBe(4);
    expect(countCores(facts({}, 1))).toBe(1);
    expect(countCores({ ...facts({}, 8), architecture: 'arm64' })).toBe(8);
  });

  it('finds some on this machine', () => {
    expect(physicalCores()).toBeGreaterThanOrEqual(1);
    expect(physicalCores()).toBeLessThanOrEqual(availableParallelism());
  });
});
