import * as tf from '@tensorflow/tfjs-core';
import { InvalidArgumentError, storedWeightBytes } from 'xray-core';

/**
 * The weights of a saved TensorFlow.js model as one buffer. A broken download would otherwise fail somewhere in TensorFlow.js.
 *
 * @throws {InvalidArgumentError} If there are more or fewer bytes than the model lists.
 */
export function completeWeights({ weightSpecs = [], weightData }: tf.io.ModelArtifacts): ArrayBuffer {
  const data = tf.io.CompositeArrayBuffer.join(weightData ?? new ArrayBuffer(0));
  const expected = storedWeightBytes(weightSpecs);
  if (expected === undefined || data.byteLength === expected) return data;
  throw new InvalidArgumentError({
    argument: 'artifacts',
    expected: `a model with the ${expected} bytes of weights that it lists`,
    received: `one with ${data.byteLength}`,
    fix: 'The weights are truncated or belong to another model: copy or download them again.',
  });
}
