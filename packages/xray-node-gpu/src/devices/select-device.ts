import * as tf from '@tensorflow/tfjs-core';
import { checkWholeNumber, InvalidArgumentError, XrayError } from 'xray-core';
import {
  DEVICE_KINDS,
  type Device,
  type DeviceKind,
  type DeviceStarter,
  type SkippedDevice,
} from './device.js';
import { examineDevice, skippedDevice } from './examine-device.js';
import { STARTERS } from './starters.js';

/** Options of `selectDevice`. */
export interface SelectDeviceOptions {
  /** Kinds to try, first that works wins. @default all, fastest first: node-gpu, webgpu, node, wasm, cpu */
  prefer?: readonly DeviceKind[] | undefined;
  /** The only kind that will do; an error when it does not work. @default the environment variable XRAY_DEVICE, if set */
  require?: DeviceKind | undefined;
  /** Take a graphics adapter that is emulated on the CPU, too: slower than wasm, good for tests. @default false */
  software?: boolean | undefined;
  /**
   * Most memory, in MiB, that tensors may take; an allocation that would take more throws a `DeviceMemoryError`, and the
   * device can be used on. Every worker has a device and so a limit of its own. @default none, but for 4 GB on wasm
   */
  memoryLimit?: number | undefined;
  /** Workers to plan with. @default as many as suit the device, see `Device.workers` */
  workers?: number | undefined;
  /** @internal Replaces the real devices in tests. */
  starters?: Partial<Record<DeviceKind, DeviceStarter>> | undefined;
}

/** No device could be started. Code `no-device`. */
export class NoDeviceError extends XrayError {
  readonly skipped: readonly SkippedDevice[];

  constructor(skipped: readonly SkippedDevice[]) {
    const reasons = skipped.map(({ kind, reason, fix }) => `${kind}: ${reason}.${fix ? ` Fix: ${fix}` : ''}`);
    super(
      'no-device',
      `No device could be started. ${reasons.join(' ')} All of them: \`npx xray-node-gpu doctor\`.`,
    );
    this.skipped = skipped;
  }
}

/**
 * Makes the fastest working device the active TensorFlow.js backend, in production mode (no value checks).
 *
 * Native ones are tried in a child process first and remembered in the user's cache folder; nothing is downloaded or
 * installed. A device of your own choice in the environment variable `XRAY_DEVICE` counts like `require`.
 *
 * @throws {InvalidArgumentError} If a kind is unknown.
 * @throws {NoDeviceError} If none of the asked kinds works; it says why for each, and how to get it.
 *
 * @example
 * const device = await selectDevice();
 * console.error(device.description, device.skipped);
 */
export async function selectDevice(options: SelectDeviceOptions = {}): Promise<Device> {
  const kinds = wantedKinds(options);
  const { software = false, memoryLimit, workers } = options;
  if (workers !== undefined) checkWholeNumber('workers', workers);
  checkLimit(memoryLimit);
  tf.enableProdMode();
  const skipped: SkippedDevice[] = [];
  for (const kind of kinds) {
    const starter = options.starters?.[kind] ?? STARTERS[kind];
    const examined = await examineDevice(kind, starter, { software });
    if (!examined.works) {
      skipped.push(skippedDevice(kind, examined));
      continue;
    }
    try {
      const started = await starter.start({
        software,
        memoryLimit: memoryLimit === undefined ? undefined : memoryLimit * 2 ** 20,
      });
      return {
        ...{ kind, skipped, description: started.description, memory: started.memory },
        facts: { ...examined.facts, ...started.facts },
        workers: Math.min(workers ?? starter.workers.byDefault(), starter.workers.most),
        dispose() {
          started.memory.unwatch();
          started.dispose();
        },
      };
    } catch (error) {
      skipped.push({ kind, installed: true, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  throw new NoDeviceError(skipped);
}

function checkLimit(memoryLimit: number | undefined): void {
  if (memoryLimit === undefined || memoryLimit > 0) return;
  throw new InvalidArgumentError({
    argument: 'memoryLimit',
    expected: 'a number of MiB above 0',
    received: memoryLimit,
  });
}

function wantedKinds({ require, prefer }: SelectDeviceOptions): readonly DeviceKind[] {
  if (require !== undefined) return checkKinds('require', [require], require);
  if (prefer !== undefined) return checkKinds('prefer', prefer, prefer);
  const named = namedDevice();
  return named.length > 0 ? named : DEVICE_KINDS;
}

/** @internal The device that XRAY_DEVICE names, or none. */
export function namedDevice(): readonly DeviceKind[] {
  const named = process.env.XRAY_DEVICE;
  return named ? checkKinds('XRAY_DEVICE', [named as DeviceKind], named) : [];
}

function checkKinds(
  argument: string,
  kinds: readonly DeviceKind[],
  received: unknown,
): readonly DeviceKind[] {
  const unknown = kinds.find((kind) => !DEVICE_KINDS.includes(kind));
  if (unknown === undefined && kinds.length > 0) return kinds;
  const expected = `${argument === 'prefer' ? 'one or more' : 'one'} of ${DEVICE_KINDS.join(', ')}`;
  throw new InvalidArgumentError({ argument, expected, received: unknown ?? received });
}
