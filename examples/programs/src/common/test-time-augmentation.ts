import { Option } from 'commander';
import { InvalidArgumentError, type TestTimeAugmentation } from 'xray-core';
import { AUGMENTATIONS } from './augmentations.js';
import { positiveInteger } from './flag-values.js';

const { none: _, ...PRESETS } = AUGMENTATIONS;

/** What the flags say. */
export interface TestTimeAugmentationFlags {
  readonly testTimeAugmentation?: keyof typeof PRESETS;
  readonly draws?: number;
}

export const testTimeAugmentationOption = () =>
  new Option(
    '--test-time-augmentation <preset>',
    'average the probabilities of each image and of changed copies of it (default: do not)',
  ).choices(Object.keys(PRESETS));

export const drawsOption = () =>
  new Option('--draws <number>', 'copies of each image beside it (default: 8; mirrored images: 1)').argParser(
    positiveInteger,
  );

/**
 * Undefined where it is not asked for.
 *
 * @throws {InvalidArgumentError} If there are draws, but nothing to draw.
 */
export function testTimeAugmentationOf(
  { testTimeAugmentation: name, draws }: TestTimeAugmentationFlags,
  seed: number,
): TestTimeAugmentation | undefined {
  if (name === undefined) {
    if (draws === undefined) return undefined;
    throw new InvalidArgumentError({
      argument: '--draws',
      expected: 'left out without --test-time-augmentation',
      received: draws,
    });
  }
  return { augmentation: PRESETS[name](), draws, seed, name };
}
