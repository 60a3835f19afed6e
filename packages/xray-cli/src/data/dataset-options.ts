import type { ReaderRule, UncertainPolicy } from 'xray-dataset';
import type { ImageOptions } from './image-options.js';

/** Which images are worked on, and what is known about them. */
export interface DatasetOptions extends ImageOptions {
  /** Dataset folder or MedMNIST file. */
  readonly data: string;
  /** Labels come from a table: a ready mapping, or columns such as `image=file,finding=label`. @default folders are the labels */
  readonly mapping?: string | undefined;
  /** The table, or several of one kind. @default what the dataset calls its table, or the only one in `data` */
  readonly manifest?: readonly string[] | undefined;
  /** What uncertain findings count as. @default required where a table has them */
  readonly uncertain?: UncertainPolicy | undefined;
  /** When a finding counts that only some readers saw. @default 'majority' */
  readonly readers?: ReaderRule | undefined;
  /** Findings of cell texts or columns, such as `0=normal,1=pneumonia`. @default their own names */
  readonly findings?: string | undefined;
  /** Views to keep, separated by commas. @default all */
  readonly views?: string | undefined;
  /** What says whose image it is: `folder`, `file` or a regular expression. @default known names and folders */
  readonly patientFrom?: string | undefined;
  /** What to do about images without a class. @default 'fail' */
  readonly onUnknownFinding?: 'fail' | 'skip' | undefined;
  /** What to do about rows whose file is not there. @default 'fail' */
  readonly onMissingFile?: 'fail' | 'skip' | undefined;
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
