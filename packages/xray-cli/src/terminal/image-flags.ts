import type { Command } from 'commander';
import { positiveInteger } from './flag-values.js';

/** Adds the flags of `ImageOptions`. */
export function addImageFlags(command: Command): Command {
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
