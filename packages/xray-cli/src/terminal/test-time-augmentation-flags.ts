import { type Command, Option } from 'commander';
import { InvalidArgumentError, type TestTimeAugmentation } from 'xray-core';
import { AUGMENTATION_NAMES, AUGMENTATIONS, type AugmentationName } from '../recipes/augmentations.js';
import { positiveInteger } from './flag-values.js';

/** What the flags say. */
export interface TestTimeAugmentationFlags {
  readonly testTimeAugmentation?: AugmentationName | undefined;
  readonly draws?: number | undefined;
}

/** Adds the flags of `TestTimeAugmentationFlags`. */
export function addTestTimeAugmentationFlags(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--test-time-augmentation <preset>',
        'average the probabilities of each image and of changed copies of it (default: do not)',
      ).choices(AUGMENTATION_NAMES.filter((name) => name !== 'none')),
    )
    .addOption(
      new Option(
        '--draws <number>',
        'copies of each image beside it (default: 8; mirrored images: 1)',
      ).argParser(positiveInteger),
    );
}

/**
 * What the flags ask for; `undefined` for nothing.
 *
 * @throws {InvalidArgumentError} If there are draws, but nothing to draw.
 */
export function testTimeAugmentationOf(
  { testTimeAugmentation: name, draws }: TestTimeAugmentationFlags,
  seed: number,
): TestTimeAugmentation | undefined {
  const augmentation = name && AUGMENTATIONS[name]();
  if (augmentation) return { augmentation, draws, seed, name };
  if (draws === undefined) return undefined;
  throw new InvalidArgumentError({
    argument: '--draws',
    expected: 'left out without --test-time-augmentation',
    received: draws,
  });
}
