import { type Command, Option } from 'commander';

/** Flags that say which images a program works on and what is known about them. */
export interface DatasetFlags {
  /** Dataset folder or MedMNIST file. */
  readonly data?: string;
  /** A ready mapping, or columns such as `image=file,finding=label`. */
  readonly mapping?: string;
  readonly manifest?: string;
  readonly uncertain?: 'positive' | 'negative' | 'exclude';
  /** Findings of cell texts, such as `0=normal,1=pneumonia`. */
  readonly findings?: string;
  /** Views to keep, separated by commas. */
  readonly views?: string;
  readonly onUnknownFinding: 'fail' | 'skip';
  readonly onMissingFile: 'fail' | 'skip';
}

/** Mappings that need no columns. */
export const READY_MAPPINGS = ['nih-chest-xray14', 'rsna-pneumonia', 'chexpert'] as const;

const failOrSkip = (flags: string, description: string) =>
  new Option(flags, description).choices(['fail', 'skip']).default('fail');

/** Adds the flags of `DatasetFlags` but `--data`. */
export function addDatasetOptions(command: Command): Command {
  return addTableOptions(command)
    .addOption(failOrSkip('--on-unknown-finding <what>', 'what to do about findings without a class'))
    .addOption(failOrSkip('--on-missing-file <what>', 'what to do about rows whose file is not there'));
}

/** Adds the flags that say how a table is read. */
export function addTableOptions(command: Command): Command {
  return command
    .option(
      '--mapping <which>',
      `the images are labelled by a CSV table: ${READY_MAPPINGS.join(', ')}, or its columns, as in ` +
        'image=file,finding=label,patient=subject,view=position,separator=|',
    )
    .option('--manifest <file>', 'the table of --mapping (default: the only CSV file in --data)')
    .addOption(
      new Option('--uncertain <policy>', 'what uncertain findings of chexpert count as').choices([
        'positive',
        'negative',
        'exclude',
      ]),
    )
    .option('--findings <names>', 'findings of the texts in the finding column, as in 0=normal,1=pneumonia')
    .option('--views <names>', 'only these views of the table, as in PA,AP');
}
