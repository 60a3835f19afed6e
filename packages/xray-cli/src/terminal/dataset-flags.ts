import { type Command, Option } from 'commander';
import type { ReaderRule, UncertainPolicy } from 'xray-dataset';
import { type DatasetOptions, READY_MAPPINGS } from '../data/dataset-options.js';
import { addImageFlags } from './image-flags.js';

/** What the flags say: the options, and the classes as text. */
export type DatasetFlags = Omit<DatasetOptions, 'data'> & {
  readonly data?: string | undefined;
  /** See `parseClassList`. */
  readonly classes?: string | undefined;
};

const failOrSkip = (flags: string, description: string) =>
  new Option(flags, description).choices(['fail', 'skip']).default('fail');

/** Adds the flags of `DatasetFlags` but `--data`. */
export function addDatasetFlags(command: Command): Command {
  return addTableFlags(command)
    .addOption(
      failOrSkip(
        '--on-unknown-finding <what>',
        'What to do about images that have no class, several, or contradict themselves.',
      ),
    )
    .addOption(failOrSkip('--on-missing-file <what>', 'What to do about rows whose file is not there.'));
}

/** Adds the flags that say how a table is read. */
export function addTableFlags(command: Command): Command {
  return addImageFlags(command)
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
