import { type LayersModel, model as modelOf } from '@tensorflow/tfjs-layers';
import { checkWholeNumber, InvalidArgumentError, type OptionNames, refuseUnknownOptions } from 'xray-core';
import { freeze } from './freeze.js';
import { applyHead, type HeadLayer } from './head.js';
import { inputOf, outputOf } from './trace-graph.js';

const OPTIONS: OptionNames<TransferOptions> = {
  base: true,
  head: true,
  classes: true,
  freezeBase: true,
  seed: true,
  name: true,
};

/** Options of `createTransferModel`. */
export interface TransferOptions {
  /** A network without its top, from a factory or `cutModel`. The result takes its layers over. */
  base: LayersModel;
  /** What comes between the base and the softmax layer; `STUDY_HEADS` has those of the study. */
  head: readonly HeadLayer[];
  /** Number of classes, at least 2. @default 2 */
  classes?: number | undefined;
  /** Whether the layers of the base start frozen; `unfreezeFrom` changes it later. @default true */
  freezeBase?: boolean | undefined;
  /** Seed of the head's initial weights and of its dropout masks. @default 0 */
  seed?: number | undefined;
  /** In front of the names of the head's layers; differs from that of a head that the base contains. @default 'head' */
  name?: string | undefined;
}

/**
 * Puts a new head on a base: transfer learning. Base and head become one flat model, so that layers are found by name
 * and the saved model is a plain one.
 *
 * - Input: that of the base, float32 `[batch, height, width, channels]`, pixels in `[0, 1]`.
 * - Output: float32 `[batch, classes]`, probabilities.
 *
 * The study's experiment 3 (InceptionV3 of 224x224x3 images) has 34,943,523 parameters, of which 13,140,739 train; its
 * experiment 4 (a small CNN on the small CNN) 222,883 and 129,635.
 *
 * The caller owns the result; `base` is not disposed separately.
 *
 * @throws {InvalidArgumentError} If the base has several inputs or outputs, an option is out of range, or a layer of the
 *   head does not fit what comes before it or leaves no pixel of the base's features.
 *
 * @example
 * const model = createTransferModel({ base: cutModel(cnn, 'block3_pool'), head: STUDY_HEADS.CNN, classes: 3 });
 */
export function createTransferModel(options: TransferOptions): LayersModel {
  refuseUnknownOptions('createTransferModel', options, OPTIONS);
  const { base, head, classes = 2, freezeBase = true, seed = 0, name = 'head' } = options;
  if (!Number.isSafeInteger(classes) || classes < 2) {
    throw new InvalidArgumentError({
      argument: 'classes',
      expected: 'an integer of at least 2',
      received: classes,
    });
  }
  checkHead(base, head, name);
  const probabilities = applyHead(outputOf(base), head, classes, { name, seed });
  if (freezeBase) freeze(base);
  return modelOf({ inputs: inputOf(base), outputs: probabilities, name: `${base.name}_${name}` });
}

function checkHead(base: LayersModel, head: readonly HeadLayer[], name: string): void {
  for (const layer of head) {
    if (layer.type === 'dense') checkWholeNumber('head.units', layer.units);
    if (layer.type === 'convolution') checkWholeNumber('head.filters', layer.filters);
  }
  const isTaken = base.layers.some((layer) => layer.name.startsWith(`${name}_`));
  if (isTaken) {
    throw new InvalidArgumentError({
      argument: 'name',
      expected: 'a name that no layer of the base starts with',
      received: name,
      fix: 'Name this head otherwise, for example `second_head`.',
    });
  }
}
