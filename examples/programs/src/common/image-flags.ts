import type { Command } from 'commander';
import { positiveInteger } from './flag-values.js';

/** Flags that say how image files are read. */
export interface ImageFlags {
  /** Frame of DICOM files that hold several, from 1. */
  readonly frame?: number;
  /** Most pixels of an image. */
  readonly maxPixels?: number;
  /** Bits that 16-bit images store which do not say so. */
  readonly bitsStored?: number;
}

/** Adds the flags of `ImageFlags`. */
export function addImageOptions(command: Command): Command {
  return command
    .option('--frame <number>', 'frame to take of DICOM files that hold several, from 1', positiveInteger)
    .option(
      '--max-pixels <number>',
      'most pixels that an image may have (default: 16383 x 16383)',
      positiveInteger,
    )
    .option(
      '--bits-stored <bits>',
      'bits, from 8 to 16, that 16-bit PNG and TIFF images store (default: those of the model, or as many as the image that uses most of them needs)',
      positiveInteger,
    );
}
