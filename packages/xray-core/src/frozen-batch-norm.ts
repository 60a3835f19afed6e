/**
 * A batch norm layer for which frozen means inference: with `trainable = false` it normalises with its moving statistics
 * and leaves them as they are, in training too. The stock layer of TensorFlow.js ignores `trainable`, so `train` of
 * `xray-train` refuses frozen ones that do not say this of themselves.
 */
export interface FreezableBatchNorm {
  readonly frozenMeansInference: true;
}

/** True for batch norm layers that can be frozen. */
export function isFreezableBatchNorm(layer: object): layer is FreezableBatchNorm {
  return (layer as Partial<FreezableBatchNorm>).frozenMeansInference === true;
}
