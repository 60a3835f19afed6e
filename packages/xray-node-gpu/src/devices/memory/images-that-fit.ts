import { XrayError } from 'xray-core';
import type { DeviceMemory } from './device-memory.js';

/**
 * Measures how many images at once a device has the memory for: a step takes a fixed part (weights, their gradients) and
 * one that grows with the images, and one step with one image and one with two tell both apart.
 *
 * @param available - Bytes that may be in use, such as `available` of the `DeviceMemoryError`. @default memory.limit
 * @param step - Runs the step that is to fit with so many images, as `rehearseStep` of `xray-train` does.
 * @returns `undefined` where no limit is known, or where more images take no more memory; 0 if not even one fits.
 *
 * @example
 * await imagesThatFit(device.memory, (images) => rehearseStep(model, { images }));
 */
export async function imagesThatFit(
  memory: DeviceMemory,
  step: (images: number) => Promise<unknown>,
  available: number | undefined = memory.limit,
): Promise<number | undefined> {
  if (available === undefined) return undefined;
  const peakOf = (images: number) => peakOfStep(memory, () => step(images));
  await peakOf(1); // what is allocated once and kept does not belong to an image
  const one = await peakOf(1);
  if (one > available) return 0;
  const two = await peakOf(2);
  if (two > available) return 1;
  return two > one ? 1 + Math.floor((available - one) / (two - one)) : undefined;
}

/** Infinite where even that does not fit. */
async function peakOfStep(memory: DeviceMemory, step: () => Promise<unknown>): Promise<number> {
  try {
    return await memory.peakOf(step);
  } catch (error) {
    if (XrayError.isInstance(error) && error.code === 'device-memory') return Number.POSITIVE_INFINITY;
    throw error;
  }
}
