import type { io } from '@tensorflow/tfjs-core';

const BYTES: Readonly<Record<string, number>> = {
  ...{ float32: 4, int32: 4, complex64: 8, bool: 1 },
  ...{ uint16: 2, float16: 2, uint8: 1 }, // quantised
};

/**
 * Bytes that the weights of a saved TensorFlow.js model take, by the model's own list: fewer in a file mean that it is truncated.
 *
 * @returns `undefined` if the list holds texts, which have lengths of their own.
 */
export function storedWeightBytes(specs: readonly io.WeightsManifestEntry[]): number | undefined {
  let sum = 0;
  for (const { shape, dtype, quantization } of specs) {
    const bytes = BYTES[quantization?.dtype ?? dtype];
    if (bytes === undefined) return undefined;
    sum += shape.reduce((product, size) => product * size, bytes);
  }
  return sum;
}
