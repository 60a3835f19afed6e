import type { Split } from 'xray-core';
import type { ManifestRow, NeededColumns } from './read-table.js';

/** What a row says about its image. */
export interface ManifestEntry {
  /** Path or end of the path of the image file; without an extension, the file's name without its own. */
  readonly image: string;
  /** Everything the image shows; which of it counts is up to the class list. `normal` stands for no finding. */
  readonly findings: readonly string[];
  /** Findings that may or may not be there. */
  readonly uncertain?: readonly string[] | undefined;
  /** Whose image it is; without it, file names of known datasets and DICOM tags tell. */
  readonly patientId?: string | undefined;
  /** For example `PA`, `AP` or `lateral`. */
  readonly view?: string | undefined;
  readonly split?: Split | undefined;
  /** Where it was made or collected, such as a hospital or a device. */
  readonly origin?: string | undefined;
  /** Who says so, where several read an image. */
  readonly reader?: string | undefined;
}

/** How a table becomes samples: one of the ready ones, such as `nihMapping()`, or any by `columnMapping`. */
export interface ManifestMapping {
  /** Columns that must be there; of a list, one of them. */
  readonly columns: NeededColumns;
  /** Whether several rows may tell of one image; they must agree, unless `readers` says how to combine them. */
  readonly hasSeveralRowsPerImage?: boolean | undefined;
  /** How the rows of several readers of an image are combined. @default undefined (one row per image) */
  readonly readers?: ReaderRule | undefined;
  /** What to do about uncertain findings. @default 'exclude' */
  readonly uncertain?: UncertainPolicy | undefined;
  /** Findings that say nothing against `normal`, such as devices. @default [] */
  readonly besideNormal?: readonly string[] | undefined;
  /** Whether neither names nor DICOM tags of this dataset tell patients apart, even where they seem to. @default false */
  readonly hasNoPatients?: boolean | undefined;
  /** Reads the rows of what is no CSV table with a header. @default undefined (it is one) */
  rowsOf?(text: string, table: string): ManifestRow[];
  /** What the row says about its image. */
  read(row: ManifestRow): ManifestEntry;
}

/** Uncertain findings count as there, as not there, or keep their image out where they matter to the class list. */
export type UncertainPolicy = 'positive' | 'negative' | 'exclude';

/**
 * When a finding, `normal` among them, counts that only some of an image's readers saw:
 *
 * - `'majority'`: when more than half of them did;
 * - `'any'`: when one did; `normal` only when nobody saw anything else;
 * - `'all'`: when all of them did.
 */
export type ReaderRule = 'majority' | 'any' | 'all';
