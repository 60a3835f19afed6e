import { type OptionNames, refuseUnknownOptions } from 'xray-core';
import { checkNumber } from '../check-options.js';
import { drawBeta } from './beta.js';
import { createMixing, type MixingAugmentation } from './mixing-augmentation.js';

const OPTIONS: OptionNames<MixupOptions> = {
  alpha: true,
  probability: true,
};

/** Options of `mixup`. */
export interface MixupOptions {
  /** Of the Beta(alpha, alpha) that shares are drawn from; larger mixes more. @default 0.2 */
  alpha?: number | undefined;
  /** Share of images that are mixed. @default 1 */
  probability?: number | undefined;
}

/**
 * Blends each image with another of its batch, labels alike: `share * image + (1 - share) * partner`, each image
 * with a share of its own. See `MixingAugmentation` for what the partner depends on.
 *
 * @throws {InvalidArgumentError} If `alpha` is not in `[0.01, 1000]` or `probability` outside `[0, 1]`.
 *
 * @see Zhang et al., mixup: beyond empirical risk minimization, 2017, arXiv:1710.09412; alpha 0.2 is its ImageNet setting
 *
 * @example
 * const augment = composeAugmentations([chestXray(), mixup()]);
 */
export function mixup(options: MixupOptions = {}): MixingAugmentation<{ share: number }> {
  refuseUnknownOptions('mixup', options, OPTIONS);
  const { alpha = 0.2, probability = 1 } = options;
  checkNumber('alpha', alpha, 0.01, 1000);
  return createMixing({
    kind: 'mixup',
    probability,
    draw: (random) => ({ share: drawBeta(random, alpha) }),
    mix(pixels, partner, _, { share }) {
      for (let at = 0; at < pixels.length; at++)
        pixels[at] = share * pixels[at]! + (1 - share) * partner[at]!;
      return 1 - share;
    },
  });
}
