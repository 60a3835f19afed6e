import { cpuDevice } from './cpu-device.js';
import type { DeviceKind, DeviceStarter } from './device.js';
import { nodeDevice, nodeGpuDevice } from './native-device.js';
import { wasmDevice } from './wasm-device.js';
import { webgpuDevice } from './webgpu-device.js';

/** How each kind of device is found and started. */
export const STARTERS: Readonly<Record<DeviceKind, DeviceStarter>> = {
  'node-gpu': nodeGpuDevice,
  webgpu: webgpuDevice,
  node: nodeDevice,
  wasm: wasmDevice,
  cpu: cpuDevice,
};
