/** How image files are read. */
export interface ImageOptions {
  /** Frame of DICOM files that hold several, from 1. @default files with several are refused */
  readonly frame?: number | undefined;
  /** Most pixels that an image may have. @default 16383 x 16383 */
  readonly maxPixels?: number | undefined;
  /** Bits, from 8 to 16, that 16-bit images store which do not say so. @default those of the model, or as many as the image that uses most of them needs */
  readonly bitsStored?: number | undefined;
}
