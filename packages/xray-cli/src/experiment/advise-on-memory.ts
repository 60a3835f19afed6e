import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type Device, explainExhaustion, imagesThatFit } from 'xray-node-gpu';
import { rehearseStep } from 'xray-train';
import { fastForward } from '../devices/workers.js';

/** What a training computes on. */
interface MemoryFacts {
  readonly device: Device;
  readonly batchSize: number;
  /** Images that were computed at once, where that is one number. */
  readonly images: number | undefined;
}

/**
 * Runs a training. Where the memory of the device runs out, it measures for how many images at once there is enough, and
 * says so.
 *
 * @throws {DeviceMemoryError} With a number to try.
 */
export async function adviseOnMemory<Result>(
  model: LayersModel,
  { device, batchSize, images }: MemoryFacts,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const facts = { kind: device.kind, microBatchSize: images };
    const exhausted = explainExhaustion(error, facts);
    if (!exhausted) throw error;
    const forward = fastForward(model, device);
    const step = (count: number) => rehearseStep(model, { images: count, forward });
    // After an error that is not its own the device may be of no use any more.
    const { available = device.memory.limit } = exhausted;
    const fitting =
      available === undefined
        ? undefined
        : await imagesThatFit(device.memory, step, available - heldBytes(model, batchSize)).catch(
            () => undefined,
          );
    throw explainExhaustion(error, { ...facts, fitting });
  }
}

/** What a training holds beside the step: both moments of Adam, gradients so far, this batch and the next one. */
function heldBytes(model: LayersModel, batchSize: number): number {
  const imageSize = model.inputs[0]!.shape.slice(1).reduce<number>((size, length) => size * (length ?? 1), 1);
  return 4 * (3 * model.countParams() + 2 * batchSize * imageSize);
}
