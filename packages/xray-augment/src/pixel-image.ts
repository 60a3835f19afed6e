/** Pixels as augmentations know them: uint8 in `[0, 255]` or float32 in `[0, 1]`. */
export type Pixels = Uint8Array | Float32Array;

/** One image, row by row, channels last. */
export interface PixelImage<P extends Pixels = Pixels> {
  /** `[height * width * channels]`; 0 is black, 255 (uint8) or 1 (float32) is white. */
  readonly pixels: P;
  /** Pixels. */
  readonly height: number;
  /** Pixels. */
  readonly width: number;
  /** 1 for gray, 3 for RGB. */
  readonly channels: number;
}

/** The value of white. */
export function whiteOf(pixels: Pixels): number {
  return pixels instanceof Uint8Array ? 255 : 1;
}

/** What has to be added before a value is stored, so that uint8 rounds instead of cutting off. */
export function roundingOf(pixels: Pixels): number {
  return pixels instanceof Uint8Array ? 0.5 : 0;
}

/** Zeros of the same type and length. */
export function blankLike(pixels: Pixels): Pixels {
  return pixels instanceof Uint8Array ? new Uint8Array(pixels.length) : new Float32Array(pixels.length);
}
