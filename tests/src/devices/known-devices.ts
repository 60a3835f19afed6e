import { existsSync } from 'node:fs';
import type { DeviceKind } from 'xray-node-gpu';

/** Debian's chromium brings a Vulkan driver that runs on the CPU. */
const SOFTWARE_VULKAN = '/usr/lib/chromium/vk_swiftshader_icd.json';

/** Lets `webgpu` find that driver, in this process and the ones it starts, unless another is named. */
export function useSoftwareVulkan(): void {
  if (existsSync(SOFTWARE_VULKAN)) process.env.VK_ICD_FILENAMES ??= SOFTWARE_VULKAN;
}

/** These have to be there when the whole suite runs; the others need hardware or a native build. */
export const NEEDED_DEVICES: readonly DeviceKind[] = process.env.CI
  ? ['cpu', 'wasm', 'webgpu']
  : ['cpu', 'wasm'];
