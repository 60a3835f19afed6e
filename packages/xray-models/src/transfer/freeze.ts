import type { LayersModel, layers } from '@tensorflow/tfjs-layers';
import { layersBefore, outputOf, outputOfLayer } from './trace-graph.js';

/** Options of `unfreezeFrom`. */
export interface UnfreezeOptions {
  /**
   * Whether batch norm layers train, too. Frozen ones keep the statistics of the pretraining, which small batches would
   * spoil.
   *
   * @see https://keras.io/guides/transfer_learning (keep batch norm in inference mode while fine-tuning)
   *
   * @default false
   */
  batchNorm?: boolean | undefined;
}

/**
 * Freezes a model: all of it, or its front up to and with a layer. Frozen layers keep their weights in training; frozen
 * batch norm of this package uses its moving statistics as in inference.
 *
 * @param lastFrozen - Name of a layer; everything it depends on is frozen with it. @default the whole model
 * @throws {InvalidArgumentError} If there is no such layer.
 *
 * @example
 * freeze(base);
 */
export function freeze(model: LayersModel, lastFrozen?: string): void {
  const output = lastFrozen === undefined ? outputOf(model) : outputOfLayer(model, lastFrozen);
  for (const layer of layersBefore(output)) setTrainable(layer, false);
}

/**
 * Makes the back of a model train, from a named layer on, and freezes what that layer depends on: for fine-tuning from
 * the last blocks of a base on.
 *
 * @param firstTrained - The first layer that trains. All that it does not depend on trains with it, so `mixed8` of
 *   InceptionV3, a layer without weights where branches meet, stands for the blocks `mixed9` and `mixed10` and the head.
 * @throws {InvalidArgumentError} If there is no such layer.
 *
 * @example
 * unfreezeFrom(model, 'mixed8');
 */
export function unfreezeFrom(model: LayersModel, firstTrained: string, options: UnfreezeOptions = {}): void {
  const { batchNorm = false } = options;
  const first = outputOfLayer(model, firstTrained);
  const before = new Set(layersBefore(first));
  before.delete(first.sourceLayer);
  for (const layer of layersBefore(outputOf(model))) {
    const isKept = !batchNorm && layer.getClassName() === 'BatchNormalization';
    setTrainable(layer, !before.has(layer) && !isKept);
  }
}

function setTrainable(layer: layers.Layer, trainable: boolean): void {
  layer.trainable = trainable;
}
