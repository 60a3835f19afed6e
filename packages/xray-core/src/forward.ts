import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';

/**
 * Runs a model on a batch. A faster stand-in for `model.apply`, such as the one `fuse` of `xray-wasm` gives:
 * same weights, same result up to rounding, nothing about the model or what is saved of it changes.
 *
 * @param images - float32 `[batch, height, width, channels]`, not disposed.
 * @returns float32 `[batch, classes]`, owned by the caller.
 */
export type Forward = (images: Tensor4D, options: { readonly training: boolean }) => Tensor2D;
