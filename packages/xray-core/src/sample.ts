/** Which side of the study an image is on. */
export type Split = 'train' | 'validation' | 'test';

/** One image and what is known about it; no pixels. */
export interface Sample {
  /** Unique within the dataset and stable between runs, for example the path relative to the dataset folder. */
  readonly id: string;
  /** Where the pixels come from: a file path, a URL, or a name the decoder understands. */
  readonly source: string;
  /** Finest label known: `normal`, `bacterial`, `viral`, `pneumonia`, or a dataset's own. */
  readonly finding: string;
  /** Whose image it is. Samples of one patient never end up on two sides of a split. */
  readonly patientId: string;
  /** Whether nothing says whose image it is, so that it counts as a patient of its own. @default false */
  readonly isPatientUnknown?: boolean | undefined;
  /** Where it was made or collected, such as a hospital or a device, where a table says so. @default undefined */
  readonly origin?: string | undefined;
  /** Side the dataset itself puts the image on, where it says so. */
  readonly split?: Split | undefined;
}
