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
  readonly fit?: 'fill' | 'contain' | 'cover';
  /**
   * - `antialias`: triangle filter as wide as the shrink factor, bit-equal to Pillow's `BILINEAR`.
   * - `nearest`: pixel under the centre of the target pixel (half-pixel rule), bit-equal to Pillow's `NEAREST`.
   *
   * @default 'antialias'
   */
  readonly method?: 'antialias' | 'nearest';
}
