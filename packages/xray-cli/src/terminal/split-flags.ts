import { type Command, InvalidArgumentError, Option } from 'commander';
import type { SharedPatientsPolicy } from 'xray-dataset';
import { DEFAULT_SHARES, parseFold } from '../data/split-options.js';

/** Adds the flags of `SplitOptions`. */
export function addSplitFlags(command: Command): Command {
  const drawn = ['split', 'validationList', 'ownSides'];
  return command
    .addOption(
      new Option(
        '--split <file>',
        'a saved split, as split.json of a run (default: drawn by patient)',
      ).conflicts(['testList', 'validationList', 'ownSides']),
    )
    .option('--test-list <file>', 'names of the test images, one per line, such as test_list.txt of NIH')
    .option('--validation-list <file>', 'names of the validation images; the rest is trained on')
    .option('--own-sides', 'take the validation side the data has instead of drawing one', false)
    .option(
      '--validation-share <share>',
      'of the images that are not test images',
      share,
      DEFAULT_SHARES.validationShare,
    )
    .option(
      '--test-share <share>',
      'of all images, where the data has no test side',
      share,
      DEFAULT_SHARES.testShare,
    )
    .addOption(
      new Option('--fold <k/n>', 'the k-th of n folds by patient is the validation side, as in 1/5')
        .argParser(fold)
        .conflicts(drawn),
    )
    .addOption(
      new Option(
        '--hold-out-source <name>',
        'a folder, the beginning of file names, or a value of the column origin of --mapping: its images are the test side, all others are trained and validated on',
      ).conflicts(['split', 'testList', 'testShare']),
    )
    .addOption(
      new Option(
        '--on-shared-patients <what>',
        'what to do about patients on several of the sides that come with the data: leave their images out of training and validation, or not',
      )
        .choices(['fail', 'drop', 'keep'] satisfies SharedPatientsPolicy[])
        .default('drop'),
    );
}

function fold(text: string): string {
  try {
    parseFold(text);
    return text;
  } catch {
    throw new InvalidArgumentError('It must be k/n with n from 2 up and k from 1 to n.');
  }
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && value < 1))
    throw new InvalidArgumentError('It must be a number between 0 and 1.');
  return value;
}
