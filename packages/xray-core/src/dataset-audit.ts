import type { ImageWarning } from './image.js';
import type { Split } from './sample.js';

/** What is in a dataset and what may be wrong with it, as `auditDataset` of `xray-dataset` finds it. Plain JSON. */
export interface DatasetAudit {
  readonly imageCount: number;
  /** Patients that are known. */
  readonly patientCount: number;
  /** Images of which nothing says whose they are. @default 0 */
  readonly imagesOfUnknownPatients?: number | undefined;
  /** Images of every side and finding that occurs. */
  readonly counts: readonly AuditCount[];
  /** Of the images that can be read; `null` if there are none. */
  readonly sizes: AuditSizes | null;
  readonly pixelKinds: readonly AuditPixelKind[];
  readonly unreadable: readonly UnreadableImage[];
  /** By the first id, as are the groups below. */
  readonly exactDuplicates: readonly ExactDuplicateGroup[];
  readonly nearDuplicates: readonly NearDuplicateGroup[];
  readonly patientsOnSeveralSides: readonly DividedPatient[];
  /** What to doubt about images by what their files say; see `ImageWarning`. @default none */
  readonly doubtful?: readonly DoubtfulAuditImage[] | undefined;
  /** An image may be in it for several reasons. */
  readonly suspicious: readonly Suspicion[];
  /** What decided what is near, and what suspicious. */
  readonly limits: AuditLimits;
}

/** Images of one finding on one side. */
export interface AuditCount {
  /** `null` where images are on no side. */
  readonly split: Split | null;
  readonly finding: string;
  readonly images: number;
  /** Patients that are known. */
  readonly patients: number;
}

/** Sizes of images, in pixels. */
export interface AuditSizes {
  readonly height: AuditRange;
  readonly width: AuditRange;
  /** How many sizes there are. */
  readonly different: number;
  /** The ten most common ones at most. */
  readonly mostCommon: readonly {
    readonly height: number;
    readonly width: number;
    readonly images: number;
  }[];
}

/** Of a list of numbers; the median of an even number of them is the lower one in the middle. */
export interface AuditRange {
  readonly smallest: number;
  readonly median: number;
  readonly largest: number;
}

/** Images with so many channels and bits per channel. */
export interface AuditPixelKind {
  readonly channels: 1 | 3;
  readonly bits: 8 | 16;
  readonly images: number;
}

/** An image that cannot be decoded. */
export interface UnreadableImage {
  readonly id: string;
  readonly reason: string;
}

/** In what the images of a group differ although they are the same: side, finding or, where they are known, patient. */
export type DuplicateDifference = 'splits' | 'classes' | 'patients';

/** Files with the same image. */
export interface ExactDuplicateGroup {
  /** At least two, sorted. */
  readonly ids: readonly string[];
  /** `bytes` if the files are equal, `pixels` if only what they show is: saved anew, or with other metadata. */
  readonly same: 'bytes' | 'pixels';
  readonly across: readonly DuplicateDifference[];
}

/** Images that show nearly the same: compressed again, resized, another contrast. Exact copies of them belong to it. */
export interface NearDuplicateGroup {
  /** At least two, sorted. */
  readonly ids: readonly string[];
  /** Largest Hamming distance of perceptual hashes between the images that link the group, in bits of 64. */
  readonly distance: number;
  /** Smallest correlation of the 32x32 thumbnails between them, in `[-1, 1]`. */
  readonly correlation: number;
  readonly across: readonly DuplicateDifference[];
}

/** A patient with images on several sides. */
export interface DividedPatient {
  readonly patientId: string;
  /** Number of images per side. */
  readonly images: Readonly<Partial<Record<Split, number>>>;
}

/** An image and what to doubt about it. */
export interface DoubtfulAuditImage extends ImageWarning {
  readonly id: string;
}

/** One image and what was measured. */
export interface Suspicion {
  readonly id: string;
  readonly kind: SuspicionKind;
  /** In the unit that `AuditLimits` gives. */
  readonly value: number;
}

/** Name of a limit in `AuditLimits`. */
export type SuspicionKind = keyof SuspicionLimits;

/** Images are suspicious beyond these. */
export interface SuspicionLimits {
  /** Standard deviation of the gray levels of an 8-bit image: below. Such images are not tested further. */
  readonly blank: number;
  /** Shorter side in pixels: below. */
  readonly tiny: number;
  /** Longer side divided by the shorter one: above. */
  readonly elongated: number;
  /** Share of pixels whose channels differ by more than 16 of 255 levels: above. */
  readonly coloured: number;
  /** Mean gray level between the lung fields less that of the lung fields, of 255 levels: below. */
  readonly inverted: number;
  /** Height or width of a flat bar at an edge, as a share of the image: at least. */
  readonly flatBorder: number;
  /** Strokes in one row of a bar of one gray level at an edge: at least. A letter has one to three. */
  readonly textBar: number;
}

/** What decides. */
export interface AuditLimits extends SuspicionLimits {
  /** Largest Hamming distance of near duplicates, in bits of 64. */
  readonly nearDistance: number;
  /** Smallest correlation of near duplicates. */
  readonly nearCorrelation: number;
}
