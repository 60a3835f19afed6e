import * as tf from '@tensorflow/tfjs-core';
import { InvalidArgumentError, XrayError } from 'xray-core';
import { cpuDevice } from './cpu-device.js';
import {
  DEVICE_KINDS,
  type Device,
  type DeviceKind,
  type DeviceStarter,
  type SkippedDevice,
} from './device.js';
import { wasmDevice } from './wasm-device.js';

const STARTERS: Record<DeviceKind, DeviceStarter> = { wasm: wasmDevice, cpu: cpuDevice };

/** Options of `selectDevice`. */
export interface SelectDeviceOptions {
  /** Kinds to try, first that works wins. @default ['wasm', 'cpu'] */
  prefer?: readonly DeviceKind[];
  /** The only kind that will do; an error when it does not work. @default none */
  require?: DeviceKind;
  /** @internal Replaces the real devices in tests. */
  starters?: Partial<Record<DeviceKind, DeviceStarter>>;
}

/** No device could be started. Code `no-device`. */
export class NoDeviceError extends XrayError {
  readonly skipped: readonly SkippedDevice[];

  constructor(skipped: readonly SkippedDevice[]) {
    const reasons = skipped.map(({ kind, reason }) => `${kind}: ${reason}`).join('; ');
    super(
      'no-device',
      `No device could be started (${reasons}). Reinstall the dependencies, or ask for another device of ${DEVICE_KINDS.join(', ')}.`,
    );
    this.skipped = skipped;
  }
}

/**
 * Makes the fastest working device the active TensorFlow.js backend, in production mode (no value checks).
 *
 * @throws {InvalidArgumentError} If a kind is unknown.
 * @throws {NoDeviceError} If none of the asked kinds works; it says why for each.
 *
 * @example
 * const device = await selectDevice();
 * console.error(device.description, device.skipped);
 */
export async function selectDevice(options: SelectDeviceOptions = {}): Promise<Device> {
  const kinds = options.require ? [options.require] : (options.prefer ?? DEVICE_KINDS);
  const unknown = kinds.find((kind) => !DEVICE_KINDS.includes(kind));
  if (unknown !== undefined || kinds.length === 0) {
    throw new InvalidArgumentError({
      argument: options.require ? 'require' : 'prefer',
      expected: `of ${DEVICE_KINDS.join(', ')}`,
      received: unknown ?? kinds,
    });
  }
  tf.enableProdMode();
  const skipped: SkippedDevice[] = [];
  for (const kind of kinds) {
    try {
      const started = await (options.starters?.[kind] ?? STARTERS[kind]).start();
      return { kind, skipped, ...started };
    } catch (error) {
      skipped.push({ kind, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  throw new NoDeviceError(skipped);
}
