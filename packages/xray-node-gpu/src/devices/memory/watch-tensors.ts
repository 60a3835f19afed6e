import * as tf from '@tensorflow/tfjs-core';
import { highWaterMark, type WatchedMemory } from './device-memory.js';
import { limitReached } from './device-memory-error.js';

interface Engine {
  /** @param backend - @default the active one */
  trackTensor(tensor: tf.Tensor, backend: tf.KernelBackend | undefined): void;
  removeDataId(dataId: object, backend: tf.KernelBackend): void;
  readonly state: { readonly tensorInfo: { has(dataId: object): boolean } };
}

/**
 * Counts the data of the tensors of any backend, once however many tensors share them, and throws when new ones pass the
 * limit. What kernels take beside their results is not seen, so that the backend may take more. For native
 * TensorFlow, which can be told no limit, and the cpu backend.
 *
 * @param limit - In bytes. @default none
 */
export function watchTensorMemory(limit: number | undefined): WatchedMemory {
  const engine = tf.engine() as unknown as Engine;
  const { trackTensor, removeDataId } = engine;
  const sizes = new WeakMap<object, number>();
  let used = 0;
  let isWatching = true;
  const mark = highWaterMark(() => used);
  const watched: Pick<Engine, 'trackTensor' | 'removeDataId'> = {
    trackTensor(tensor, backend) {
      const { dataId, dtype, size } = tensor;
      const bytes = dtype === 'string' ? 0 : size * tf.util.bytesPerElement(dtype);
      if (!engine.state.tensorInfo.has(dataId)) {
        if (isWatching && limit !== undefined && used + bytes > limit) {
          (backend ?? tf.backend()).disposeData(dataId, true);
          throw limitReached(limit, used, bytes);
        }
        sizes.set(dataId, bytes);
        used += bytes;
        mark.reached(used);
      }
      trackTensor.call(engine, tensor, backend);
    },
    removeDataId(dataId, backend) {
      removeDataId.call(engine, dataId, backend);
      if (engine.state.tensorInfo.has(dataId)) return;
      used -= sizes.get(dataId) ?? 0; // what was there before the watch began is not counted
      sizes.delete(dataId);
    },
  };
  Object.assign(engine, watched);
  return {
    limit,
    used: () => used,
    peakOf: mark.peakOf,
    unwatch() {
      isWatching = false;
      // Else another watch lies on top of it.
      if (engine.trackTensor === watched.trackTensor) Object.assign(engine, { trackTensor, removeDataId });
    },
  };
}
