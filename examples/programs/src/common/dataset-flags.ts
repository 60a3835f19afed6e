import { type Command, Option } from 'commander';
import type { ReaderRule, UncertainPolicy } from 'xray-dataset';
import { addImageOptions, type ImageFlags } from './image-flags.js';

/** Flags that say which images a program works on and what is known about them. */
export interface DatasetFlags extends ImageFlags {
  /** Dataset folder or MedMNIST file. */
  readonly data?: string;
  /** A ready mapping, or columns such as `image=file,finding=label`. */
  readonly mapping?: string;
  /** The table, or several of one kind. */
  readonly manifest?: readonly string[];
  readonly uncertain?: UncertainPolicy;
  readonly readers?: ReaderRule;
  /** Findings of cell texts or columns, such as `0=normal,1=pneumonia`. */
  readonly findings?: string;
  /** Views to keep, separated by commas. */
  readonly views?: string;
  /** Classes and their findings, see `parseClassList`. */
  readonly classes?: string;
  /** What says whose image it is, see `patientReader`. */
  readonly patientFrom?: string;
  readonly onUnknownFinding: 'fail' | 'skip';
  readonly onMissingFile: 'fail' | 'skip';
}

/** Mappings that need no columns. */
export const READY_MAPPINGS = [
  'nih-chest-xray14',
  'rsna-pneumonia',
  'chexpert',
  'mimic-cxr-jpg',
  'vindr-cxr',
  'vindr-pcxr',
  'padchest',
  'covidx',
] as const;

/** Name of a ready mapping. */
export type ReadyMapping = (typeof READY_MAPPINGS)[number];

const failOrSkip = (flags: string, description: string) =>
  new Option(flags, description).choices(['fail', 'skip']).default('fail');

/** Adds the flags of `DatasetFlags` but `--data`. */
export function addDatasetOptions(command: Command): Command {
  return addTableOptions(command)
    .addOption(
      failOrSkip(
        '--on-unknown-finding <what>',
        'What to do about images that have no class, several, or contradict themselves.',
      ),
    )
    .addOption(failOrSkip('--on-missing-file <what>', 'What to do about rows whose file is not there.'));
}

/** Adds the flags that say how a table is read. */
export function addTableOptions(command: Command): Command {
  return addImageOptions(command)
    .option(
      '--classes <list>',
      'the classes and the folders, or findings of the table, that they cover, the negative class first, as in ' +
        'normal=NORMAL,pneumonia=PNEUMONIA+COVID (default: those of the study)',
    )
    .option(
      '--patient-from <what>',
      'whose image it is: folder (below the class folder), file (each is of another patient), or a regular expression on the path, ' +
        'whose first group counts; a column of a table is named in --mapping (default: known names, folders like patient001)',
    )
    .option(
      '--mapping <which>',
      `The images are labelled by a table. This is the name of a public dataset (${READY_MAPPINGS.join(', ')}), or the ` +
        'columns of any table: image=file,finding=label for one column of findings, or image=file,columns=Pneumonia+Edema for ' +
        'a column per finding (1, 0 or blank, -1 for uncertain). patient=subject, view=position, split=side, origin=hospital and reader=doctor ' +
        'name further columns, and separator=| says what separates several findings in a cell.',
    )
    .option(
      '--manifest <files...>',
      'The table of --mapping, or several of one kind, such as those of the train and the test side; .csv.gz is read, too. ' +
        'By default it is what the dataset calls its table, or the only CSV file in --data.',
    )
    .addOption(
      new Option(
        '--uncertain <policy>',
        'What uncertain findings of chexpert, mimic-cxr-jpg or columns=... count as: as there, as not there, or the image is left out.',
      ).choices(['positive', 'negative', 'exclude'] satisfies UncertainPolicy[]),
    )
    .addOption(
      new Option(
        '--readers <rule>',
        'When a finding counts that only some readers of an image saw, with vindr-cxr or reader=... (default: majority).',
      ).choices(['majority', 'any', 'all'] satisfies ReaderRule[]),
    )
    .option(
      '--findings <names>',
      'Findings that the texts in the finding column, or the columns of findings, stand for, as in 0=normal,1=pneumonia.',
    )
    .option(
      '--views <names>',
      'Only these views are taken, as in PA,AP: of the table, or those that the DICOM files of a folder state.',
    );
}
