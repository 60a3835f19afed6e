/**
 * Names under which a backend may offer batch normalization while training as fused kernels. The layer of
 * `xray-models` looks them up in the kernel registry and computes the same from plain ops where they are missing.
 *
 * `forward`: inputs `x` float32 `[..., channels]`, optional `scale` and `offset` `[channels]`; attribute `epsilon`;
 * outputs `[y, mean, variance]`, the last two `[channels]`, population variance over all axes but the last.
 *
 * `gradient`: inputs `x`, `dy` (shape of x), `mean`, `variance`, optional `scale`; attribute `epsilon`; outputs
 * `[dx, dScale, dOffset]`, where `dScale` and `dOffset` are `[channels]` and always given.
 *
 * Source: Ioffe and Szegedy, Batch Normalization, arXiv 1502.03167, section 3.
 */
export const BATCH_NORM_TRAINING_KERNELS = {
  forward: 'XrayBatchNormTraining',
  gradient: 'XrayBatchNormTrainingGradient',
} as const;
