/** @internal A piece of a JPEG file in front of its pixels. */
export interface JpegSegment {
  readonly marker: number;
  /** Without marker and length. */
  readonly content: Uint8Array;
}

/** @internal Start of the pixels. */
export const START_OF_SCAN = 0xda;

/**
 * @internal Segments of a JPEG or JPEG-LS file up to the first scan, as far as they are whole.
 *
 * @see ITU-T T.81, B.1.1 (markers, which fill bytes may precede) and B.1.1.4
 */
export function* jpegSegments(bytes: Uint8Array): Generator<JpegSegment> {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return;
  for (let at = 2; bytes[at] === 0xff; ) {
    if (bytes[at + 1] === 0xff) {
      at++;
      continue;
    }
    const marker = bytes[at + 1];
    const end = at + 2 + ((bytes[at + 2]! << 8) | bytes[at + 3]!);
    if (marker === undefined || at + 4 > bytes.length || end > bytes.length) return;
    yield { marker, content: bytes.subarray(at + 4, end) };
    if (marker === START_OF_SCAN) return;
    at = end;
  }
}

/** @internal What a file says about its pixels before they are decoded. */
export interface JpegFrame {
  /** Pixels, as stored; 0 if only the end of the pixels tells. */
  readonly height: number;
  /** Pixels, as stored. */
  readonly width: number;
  readonly components: number;
  /** Of a level. */
  readonly bits: number;
  /** Coded by cosine transforms, so that it can be decoded at a fraction of its size; lossless files are not. */
  readonly isDct: boolean;
}

const DCT_FRAMES = [0xc0, 0xc1, 0xc2, 0xc9, 0xca];
const LOSSLESS_FRAMES = [0xc3, 0xcb, 0xf7]; // the last is JPEG-LS

/** @internal The frame header, if the segment is one. */
export function frameIn({ marker, content }: JpegSegment): JpegFrame | undefined {
  const isDct = DCT_FRAMES.includes(marker);
  if (!(isDct || LOSSLESS_FRAMES.includes(marker)) || content.length < 6) return undefined;
  const short = (at: number) => (content[at]! << 8) | content[at + 1]!;
  return { bits: content[0]!, height: short(1), width: short(3), components: content[5]!, isDct };
}

/** @internal The frame header of a JPEG or JPEG-LS file. */
export function readJpegFrame(bytes: Uint8Array): JpegFrame | undefined {
  for (const segment of jpegSegments(bytes)) {
    const frame = frameIn(segment);
    if (frame) return frame;
  }
  return undefined;
}
