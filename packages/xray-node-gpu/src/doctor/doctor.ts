import { spawnSync } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEVICE_KINDS, type DeviceKind } from '../devices/device.js';
import { explainFailure } from '../devices/explain-failure.js';
import { namedDevice, selectDevice } from '../devices/select-device.js';
import { uncaughtMessage } from '../devices/uncaught-message.js';
import { type ExaminedDevice, examineDevices, type MachineFacts, machineFacts } from './examine-devices.js';
import { timeTrainingStep } from './time-training-step.js';

/** Options of `diagnose`. */
export interface DoctorOptions {
  /** The device that has to work. @default the one XRAY_DEVICE names, or any */
  readonly device?: DeviceKind | undefined;
  /** Also times a fixed training step on every device that works. */
  readonly bench?: boolean | undefined;
  /** Counts a graphics adapter emulated on the CPU as working. */
  readonly software?: boolean | undefined;
}

/** What the doctor found. */
export interface Diagnosis {
  readonly machine: MachineFacts;
  readonly devices: readonly (ExaminedDevice & { readonly imagesPerSecond?: number | undefined })[];
  /** The kind `selectDevice` takes on this machine. */
  readonly chosen: DeviceKind | null;
  /** Whether the wanted device works. */
  readonly healthy: boolean;
}

/**
 * Examines every device of this machine.
 *
 * @throws {InvalidArgumentError} If XRAY_DEVICE names no device.
 */
export async function diagnose(options: DoctorOptions): Promise<Diagnosis> {
  const { software = false, bench = false } = options;
  const [named] = namedDevice();
  const wanted = options.device ?? named;
  const examined = await examineDevices({ software });
  const devices = examined.map((entry) =>
    bench && entry.works ? withTiming(entry, timeInChild(entry.kind, software)) : entry,
  );
  const working = devices.flatMap((entry) => (entry.works ? [entry] : []));
  // An emulated adapter is counted where it was asked for, and taken by nobody who does not ask.
  const taken = working.find(({ kind, facts }) => (named ? kind === named : !facts.isSoftware));
  return {
    machine: machineFacts(),
    devices,
    chosen: taken?.kind ?? null,
    healthy: wanted ? working.some(({ kind }) => kind === wanted) : working.length > 0,
  };
}

/** What came of timing a device: its speed, or what the attempt printed. */
export type Timing = { readonly imagesPerSecond: number } | { readonly output: string };

/** @internal A device that starts and then fails in training does not work. */
export function withTiming(
  entry: Extract<ExaminedDevice, { works: true }>,
  timing: Timing,
): ExaminedDevice & { readonly imagesPerSecond?: number | undefined } {
  if ('imagesPerSecond' in timing) return { ...entry, imagesPerSecond: timing.imagesPerSecond };
  const name = Object.keys(entry.facts.versions)[0] ?? entry.kind;
  const { reason, fix } = explainFailure(entry.kind, timing.output, name);
  return {
    ...{ kind: entry.kind, works: false, installed: true },
    reason: `it starts, but does not train: ${reason}`,
    ...(fix === undefined ? {} : { fix }),
  };
}

const BENCH_MILLISECONDS = 300_000;

/** Native backends do not share a process, so that each is timed in its own. */
function timeInChild(kind: DeviceKind, software: boolean): Timing {
  const program = fileURLToPath(new URL(`../bin/xray-node-gpu${extname(import.meta.url)}`, import.meta.url));
  const args = [...process.execArgv, program, 'time', kind, ...(software ? ['--software'] : [])];
  const child = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: BENCH_MILLISECONDS });
  if (child.status === 0) return { imagesPerSecond: Number(child.stdout.trim().split('\n').at(-1)) };
  const ending = child.error?.message ?? child.signal ?? `exit code ${child.status}`;
  return { output: uncaughtMessage(child.stderr) ?? ending };
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
