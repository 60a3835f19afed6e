import { spawnSync } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEVICE_KINDS, type DeviceKind } from '../devices/device.js';
import { selectDevice } from '../devices/select-device.js';
import { type ExaminedDevice, examineDevices, type MachineFacts, machineFacts } from './examine-devices.js';
import { timeTrainingStep } from './time-training-step.js';

/** Options of `diagnose`. */
export interface DoctorOptions {
  /** The device that has to work. @default any */
  readonly device?: DeviceKind;
  /** Also times a fixed training step on every device that works. */
  readonly bench: boolean;
  /** Counts a graphics adapter emulated on the CPU as working. */
  readonly software: boolean;
}

/** What the doctor found. */
export interface Diagnosis {
  readonly machine: MachineFacts;
  readonly devices: readonly (ExaminedDevice & { readonly imagesPerSecond?: number })[];
  /** The kind `selectDevice` takes on this machine. */
  readonly chosen: DeviceKind | null;
  /** Whether the wanted device works. */
  readonly healthy: boolean;
}

/** Examines every device of this machine. */
export async function diagnose(options: DoctorOptions): Promise<Diagnosis> {
  const { software, bench, device } = options;
  const examined = await examineDevices({ software });
  const devices = examined.map((entry) => {
    if (!bench || !entry.works) return entry;
    const imagesPerSecond = timeInChild(entry.kind, software);
    return imagesPerSecond === undefined ? entry : { ...entry, imagesPerSecond };
  });
  const working = devices.filter(({ works }) => works).map(({ kind }) => kind);
  return {
    machine: machineFacts(),
    devices,
    chosen: working[0] ?? null,
    healthy: device ? working.includes(device) : working.length > 0,
  };
}

/** Native backends do not share a process, so that each is timed in its own. */
function timeInChild(kind: DeviceKind, software: boolean): number | undefined {
  const program = fileURLToPath(new URL(`../bin/xray-node-gpu${extname(import.meta.url)}`, import.meta.url));
  const args = [...process.execArgv, program, 'time', kind, ...(software ? ['--software'] : [])];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 300_000 });
  return status === 0 ? Number(stdout.trim().split('\n').at(-1)) : undefined;
}

/** Times the fixed training step on one device; the work of the child that `--bench` starts. */
export async function timeDevice(kind: DeviceKind, software: boolean): Promise<number> {
  const device = await selectDevice({ require: kind, software });
  try {
    return await timeTrainingStep();
  } finally {
    device.dispose();
  }
}

/** The diagnosis as a table for people. */
export function formatDiagnosis({ machine, devices, chosen }: Diagnosis): string {
  const rows = devices.map((entry) => ({
    device: entry.kind,
    state: entry.works ? 'works' : 'not usable',
    'images/s': entry.imagesPerSecond === undefined ? '' : entry.imagesPerSecond.toFixed(1),
    details: entry.works ? detailsOf(entry) : entry.reason,
  }));
  const fixes = devices.flatMap((entry) =>
    entry.works || !entry.fix ? [] : [`  ${entry.kind}: ${entry.fix}`],
  );
  return [
    `Node ${machine.node}, ${machine.platform}, ${machine.processor}, ${machine.cores} cores, ${machine.memoryMegabytes} MB`,
    ...(machine.nvidia.length > 0
      ? machine.nvidia.map((gpu) => `NVIDIA ${gpu}`)
      : ['No NVIDIA GPU that nvidia-smi knows of']),
    '',
    ...alignRows(rows),
    '',
    `Chosen by default: ${chosen ?? 'none'} (of ${DEVICE_KINDS.join(', ')}; XRAY_DEVICE names another)`,
    ...(fixes.length > 0 ? ['To get the others:', ...fixes] : []),
  ].join('\n');
}

function detailsOf({ facts }: Extract<ExaminedDevice, { works: true }>): string {
  const versions = Object.entries(facts.versions).map(([name, version]) => `${name} ${version}`);
  const buffer = facts.largestBufferMegabytes ? [`largest buffer ${facts.largestBufferMegabytes} MB`] : [];
  return [...(facts.adapter ? [facts.adapter] : []), ...versions, ...buffer].join(', ');
}

function alignRows(rows: readonly Record<string, string>[]): string[] {
  const names = Object.keys(rows[0] ?? {}).filter((name) => rows.some((row) => row[name]));
  const lines = [names, ...rows.map((row) => names.map((name) => row[name]!))];
  const widths = names.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}
