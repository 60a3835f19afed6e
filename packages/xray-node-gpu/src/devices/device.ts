import type { DeviceMemory, WatchedMemory } from './memory/device-memory.js';

/**
 * Devices this package knows: CUDA through tfjs-node-gpu, any Vulkan, Metal or Direct3D 12 GPU through WebGPU, native
 * CPU code through tfjs-node, WebAssembly (runs everywhere) and plain JavaScript.
 */
export type DeviceKind = 'node-gpu' | 'webgpu' | 'node' | 'wasm' | 'cpu';

/** Every kind, fastest first: the order they are tried in. */
export const DEVICE_KINDS: readonly DeviceKind[] = ['node-gpu', 'webgpu', 'node', 'wasm', 'cpu'];

/** A device that was tried, or looked for, and not taken. */
export interface SkippedDevice {
  readonly kind: DeviceKind;
  /** False where the optional packages it needs are missing; true where it is there and does not work. */
  readonly installed: boolean;
  /** Why. */
  readonly reason: string;
  /** What to do about it, where that is known. */
  readonly fix?: string | undefined;
}

/** What is known about a device that works. */
export interface DeviceFacts {
  /** By package, and `tensorflow` for the native library. */
  readonly versions: Readonly<Record<string, string>>;
  /** Graphics adapter or processor. */
  readonly adapter?: string | undefined;
  /** True for a graphics adapter emulated on the CPU. */
  readonly isSoftware?: boolean | undefined;
  /** Largest tensor that fits a single buffer, in MiB. */
  readonly largestBufferMegabytes?: number | undefined;
}

/** The active TensorFlow.js backend and how it came to be chosen. Record it: a silent fallback costs hours. */
export interface Device {
  readonly kind: DeviceKind;
  /** One line for people, with versions. */
  readonly description: string;
  readonly facts: DeviceFacts;
  readonly skipped: readonly SkippedDevice[];
  /** What its tensors take, and the limit of that. */
  readonly memory: DeviceMemory;
  /**
   * Copies of a model that it pays to open on it, with `openReplicas` of `xray-train`: those asked for, or one for every
   * physical core on wasm and cpu, one for every GPU on node-gpu, and 1 on node, which uses all cores by itself. Always 1
   * on webgpu.
   */
  readonly workers: number;
  /** Frees the device; tensors on it are gone. */
  dispose(): void;
}

/** @internal A device that has been started. */
export type StartedDevice = Pick<Device, 'description' | 'facts' | 'dispose'> & {
  readonly memory: WatchedMemory;
};

/** @internal What a program asks of a device. */
export interface StartOptions {
  /** Bytes. */
  readonly memoryLimit: number | undefined;
  /** Take a graphics adapter that is emulated on the CPU, too. */
  readonly software: boolean;
}

/** @internal One kind of device. */
export interface DeviceStarter {
  /** Optional packages it needs, by npm name. */
  readonly packages: readonly string[];
  /** How many workers may share the work, and how many do unless a number is asked for. */
  readonly workers: { readonly most: number; byDefault(): number };
  /** What to install when they are missing. */
  readonly install: string;
  /** Makes it the active backend; throws with a readable reason when it does not work here. */
  start(options: StartOptions): Promise<StartedDevice>;
}
