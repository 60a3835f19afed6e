import { type JpegFrame, readJpegFrame } from '../jpeg/jpeg-segments.js';

/** @internal What a compressed image says about its pixels. */
export type CodeFrame = Omit<JpegFrame, 'isDct'>;

/**
 * @internal Size, channels and bits of a JPEG, JPEG-LS or JPEG 2000 code stream.
 *
 * @returns `undefined` if it is none.
 */
export function readCodeFrame(code: Uint8Array): CodeFrame | undefined {
  return readJpegFrame(code) ?? readJpeg2000Frame(code);
}

/** Start of the code stream and of its image size, which boxes may precede. */
const START_AND_SIZE = [0xff, 0x4f, 0xff, 0x51];
const SIZE_BYTES = 43;

/** @see ITU-T T.800, A.5.1 */
function readJpeg2000Frame(code: Uint8Array): CodeFrame | undefined {
  const start = code.findIndex((_, at) => START_AND_SIZE.every((byte, place) => code[at + place] === byte));
  if (start < 0 || start + SIZE_BYTES > code.length) return undefined;
  const view = new DataView(code.buffer, code.byteOffset + start);
  return {
    width: view.getUint32(8) - view.getUint32(16),
    height: view.getUint32(12) - view.getUint32(20),
    components: view.getUint16(40),
    bits: (view.getUint8(42) & 0x7f) + 1,
  };
}
