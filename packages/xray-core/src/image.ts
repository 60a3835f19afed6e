/** A decoded image, row by row, channels last. */
export interface DecodedImage {
  /** `[height * width * channels]`; 0 is black, the type's largest value is white. */
  readonly pixels: Uint8Array | Uint8ClampedArray | Uint16Array;
  /** Pixels. */
  readonly height: number;
  /** Pixels. */
  readonly width: number;
  /** 1 for gray, 3 for RGB. */
  readonly channels: 1 | 3;
  /**
   * Size of the picture in these pixels, fractions allowed, less than one pixel from `height` and `width`: a JPEG file of
   * 1001 x 700 pixels decoded at half its size has 500 columns, of a picture that is 500.5 wide.
   *
   * @default `height` and `width`
   */
  readonly extent?: { readonly height: number; readonly width: number } | undefined;
  /**
   * Bits that the largest level takes, from 1 to 16, where the file does not say which level is white: 16-bit PNG and TIFF
   * files often hold 10 to 14 bits. `PrepareRule.bitsStored` then decides.
   *
   * @default undefined (the type's largest value is white)
   */
  readonly bitsUsed?: number | undefined;
  /** What to doubt about the image, for people to see. @default none */
  readonly warnings?: readonly ImageWarning[] | undefined;
}

/** A doubt about an image that can be used all the same. */
export interface ImageWarning {
  /**
   * - `not-frontal-chest`: the file calls itself something else than a frontal chest radiograph;
   * - `unfamiliar`: it looks unlike the images that a model was trained on (`classify` of `xray-models`);
   * - `window-ignored`: the file's window leaves nothing to see and was not used;
   * - `white-unknown`: a 16-bit file may store fewer bits, so that it is too dark.
   */
  readonly kind: 'not-frontal-chest' | 'unfamiliar' | 'window-ignored' | 'white-unknown';
  /** Predicate of a sentence about the file, without its full stop. May hold words from the file, never who the patient is. */
  readonly text: string;
}

/** How an image of any size becomes one of the model's size. Travels with the model. */
export interface ResizeRule {
  /** Pixels. */
  readonly height: number;
  /** Pixels. */
  readonly width: number;
  /**
   * - `fill`: stretches both sides, the aspect ratio is lost (as the reference study does).
   * - `contain`: keeps the aspect ratio, pads with black, centred.
   * - `cover`: keeps the aspect ratio, cuts what does not fit, centred.
   *
   * @default 'fill'
   */
  readonly fit?: 'fill' | 'contain' | 'cover' | undefined;
  /**
   * - `antialias`: triangle filter as wide as the shrink factor, bit-equal to Pillow's `BILINEAR`.
   * - `nearest`: pixel under the centre of the target pixel (half-pixel rule), bit-equal to Pillow's `NEAREST`.
   *
   * @default 'antialias'
   */
  readonly method?: 'antialias' | 'nearest' | undefined;
}
