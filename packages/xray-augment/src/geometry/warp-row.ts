/** A part of an output row whose four neighbours are all inside of the image. */
export interface RowPart {
  /** Where the first pixel comes from. */
  readonly startX: number;
  readonly startY: number;
  /** How far the next one is from it. */
  readonly stepX: number;
  readonly stepY: number;
  /** Of the image. */
  readonly width: number;
  readonly channels: number;
  /** Where the first value goes. */
  readonly at: number;
  /** Pixels. */
  readonly count: number;
}

// Two functions with the same loop: one for both types of pixels would be compiled for either and be slower for both.

/** Bilinear, in float64. */
export function warpFloats(pixels: Float32Array, output: Float32Array, part: RowPart): void {
  const { startX, startY, stepX, stepY, width, channels, count } = part;
  const rowSize = width * channels;
  let at = part.at;
  for (let index = 0; index < count; index++) {
    const x = startX + stepX * index;
    const y = startY + stepY * index;
    const left = x | 0;
    const top = y | 0;
    const right = x - left;
    const down = y - top;
    let from = top * rowSize + left * channels;
    for (const end = from + channels; from < end; from++, at++) {
      const a = pixels[from]!;
      const c = pixels[from + rowSize]!;
      const upper = a + (pixels[from + channels]! - a) * right;
      output[at] = upper + (c + (pixels[from + rowSize + channels]! - c) * right - upper) * down;
    }
  }
}

/** The same for bytes, rounded. Fixed point instead is not measurably faster and rounds worse. */
export function warpBytes(pixels: Uint8Array, output: Uint8Array, part: RowPart): void {
  const { startX, startY, stepX, stepY, width, channels, count } = part;
  const rowSize = width * channels;
  let at = part.at;
  for (let index = 0; index < count; index++) {
    const x = startX + stepX * index;
    const y = startY + stepY * index;
    const left = x | 0;
    const top = y | 0;
    const right = x - left;
    const down = y - top;
    let from = top * rowSize + left * channels;
    for (const end = from + channels; from < end; from++, at++) {
      const a = pixels[from]!;
      const c = pixels[from + rowSize]!;
      const upper = a + (pixels[from + channels]! - a) * right;
      output[at] = upper + (c + (pixels[from + rowSize + channels]! - c) * right - upper) * down + 0.5;
    }
  }
}
