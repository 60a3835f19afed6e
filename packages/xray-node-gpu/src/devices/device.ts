/** Devices this package knows, fastest first. `wasm` runs everywhere, `cpu` is plain JavaScript. */
export type DeviceKind = 'wasm' | 'cpu';

/** Every kind, in the order they are tried. */
export const DEVICE_KINDS: readonly DeviceKind[] = ['wasm', 'cpu'];

/** A device that was tried and did not work. */
export interface SkippedDevice {
  readonly kind: DeviceKind;
  /** Why, and where known what to do about it. */
  readonly reason: string;
}

/** The active TensorFlow.js backend and how it came to be chosen. Record it: a silent fallback costs hours. */
export interface Device {
  readonly kind: DeviceKind;
  /** One line for people, with versions. */
  readonly description: string;
  readonly skipped: readonly SkippedDevice[];
  /** Frees the device; tensors on it are gone. */
  dispose(): void;
}

/** @internal How to start one kind of device. */
export interface DeviceStarter {
  /** Makes it the active backend; throws with a readable reason when it does not work here. */
  start(): Promise<{ description: string; dispose(): void }>;
}
