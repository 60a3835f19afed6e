import { InvalidArgumentError } from 'xray-core';
import type { SharedPatientsPolicy } from 'xray-dataset';

/** Which images are trained on, validated on and tested on. */
export interface SplitOptions {
  /** A saved split, such as `split.json` of another run. @default drawn by patient */
  readonly split?: string | undefined;
  /** Official list of test images; it replaces the test split of the data. @default none */
  readonly testList?: string | undefined;
  /** Official list of validation images; with it, all that is in no list is trained on. @default none */
  readonly validationList?: string | undefined;
  /** Takes the validation split of the data, too, instead of drawing one. @default false */
  readonly ownSides?: boolean | undefined;
  /** Share of the images that are not test images. @default 0.2 */
  readonly validationShare?: number | undefined;
  /** Share of all images, where the data has no test split. @default 0.15 */
  readonly testShare?: number | undefined;
  /** One fold of several as the validation split, such as `1/5`. @default none */
  readonly fold?: string | undefined;
  /** Folder, beginning of file names or value of the column `origin`, whose images form the test split. @default none */
  readonly holdOutSource?: string | undefined;
  /** What to do about patients on several of the splits that come with the data. @default 'drop' */
  readonly onSharedPatients?: SharedPatientsPolicy | undefined;
}

/** Shares where the caller names none. */
export const DEFAULT_SHARES = { validationShare: 0.2, testShare: 0.15 } as const;

/** One fold of several, such as `1/5`. */
export interface Fold {
  /** From 1. */
  readonly fold: number;
  readonly folds: number;
}

/** @throws {InvalidArgumentError} If it is not `k/n` with n from 2 up and k from 1 to n. */
export function parseFold(text: string): Fold {
  const [, fold = 0, folds = 0] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (folds < 2 || fold < 1 || fold > folds) {
    const expected = 'k/n with n from 2 up and k from 1 to n';
    throw new InvalidArgumentError({ argument: '--fold', expected, received: text });
  }
  return { fold, folds };
}
