import { type Command, InvalidArgumentError, Option } from 'commander';
import type { SharedPatientsPolicy } from 'xray-dataset';

/** One fold of several, such as `1/5`. */
export interface Fold {
  /** From 1. */
  readonly fold: number;
  readonly folds: number;
}

/** Flags that say which images are on which side. */
export interface SplitFlags {
  /** A saved split, such as `split.json` of another run. */
  readonly split?: string;
  /** Official list of test images; its sides replace those of the data. */
  readonly testList?: string;
  /** Official list of validation images; with it, all that is in no list is trained on. */
  readonly validationList?: string;
  /** Takes the validation side of the data, too, instead of drawing one. */
  readonly ownSides: boolean;
  readonly validationShare: number;
  readonly testShare: number;
  /** As typed, see `parseFold`. */
  readonly fold?: string;
  /** Folder, beginning of file names or value of the column origin, whose images form the test side. */
  readonly holdOutSource?: string;
  /** What to do about patients on several of the sides that come with the data. */
  readonly onSharedPatients: SharedPatientsPolicy;
}

/** Adds the flags of `SplitFlags`. */
export function addSplitOptions(command: Command): Command {
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
    .option('--validation-share <share>', 'of the images that are not test images', share, 0.2)
    .option('--test-share <share>', 'of all images, where the data has no test side', share, 0.15)
    .addOption(
      new Option('--fold <k/n>', 'the k-th of n folds by patient is the validation side, as in 1/5')
        .argParser((text) => parseFold(text) && text)
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

/** @throws {InvalidArgumentError} Of commander, which prints it with the flag. */
export function parseFold(text: string): Fold {
  const [, fold = 0, folds = 0] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (folds < 2 || fold < 1 || fold > folds)
    throw new InvalidArgumentError('It must be k/n with n from 2 up and k from 1 to n.');
  return { fold, folds };
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && value < 1))
    throw new InvalidArgumentError('It must be a number between 0 and 1.');
  return value;
}
