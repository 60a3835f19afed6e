import { FileError } from 'xray-core';
import { readCodeFrame } from './code-frame.js';
import { type DataSet, TAGS } from './data-set.js';
import type { DicomHeader } from './dicom-header.js';
import { encapsulatedFrame } from './encapsulated-frame.js';

type Codec = 'decodeRle' | 'decodeJpeg' | 'decodeJpegLs' | 'decodeJpeg2000';

const UNCOMPRESSED: Readonly<Record<string, 'little' | 'big'>> = {
  '1.2.840.10008.1.2': 'little', // implicit VR
  '1.2.840.10008.1.2.1': 'little', // explicit VR
  '1.2.840.10008.1.2.1.99': 'little', // deflated
  '1.2.840.10008.1.2.2': 'big',
};

const COMPRESSED: Readonly<Record<string, Codec>> = {
  '1.2.840.10008.1.2.5': 'decodeRle',
  '1.2.840.10008.1.2.4.50': 'decodeJpeg', // baseline
  '1.2.840.10008.1.2.4.51': 'decodeJpeg', // extended, up to 12 bits
  '1.2.840.10008.1.2.4.57': 'decodeJpeg', // lossless
  '1.2.840.10008.1.2.4.70': 'decodeJpeg', // lossless, first-order prediction
  '1.2.840.10008.1.2.4.80': 'decodeJpegLs', // lossless
  '1.2.840.10008.1.2.4.81': 'decodeJpegLs', // near-lossless
  '1.2.840.10008.1.2.4.90': 'decodeJpeg2000', // lossless
  '1.2.840.10008.1.2.4.91': 'decodeJpeg2000',
};

/**
 * @internal The words of the pixel data as they lie in the file, in the byte order of this machine; one per pixel.
 *
 * @param codecsUrl - Where a browser finds the WebAssembly file of `dcmjs-codecs`.
 * @throws {FileError} If pixels are missing or corrupt, or the compression is not known.
 */
export async function readStoredWords(
  elements: DataSet,
  header: DicomHeader,
  name: string,
  codecsUrl: string | undefined,
): Promise<Uint8Array | Uint16Array> {
  const { transferSyntax, height, width, bitsAllocated } = header;
  const byteOrder = UNCOMPRESSED[transferSyntax];
  const codec = COMPRESSED[transferSyntax];
  if (byteOrder === undefined && codec === undefined) {
    throw new FileError({
      file: name,
      problem: `is a DICOM file in the transfer syntax ${transferSyntax || '(none)'}, which is not supported`,
      fix: 'Export it uncompressed, or as JPEG, JPEG-LS, JPEG 2000 or RLE.',
    });
  }
  const code = codec && encapsulatedFrame(elements, header, name);
  const wordBits = code ? wordBitsOf(code, codec, header, name) : bitsAllocated;
  const bytes = code
    ? await decompress(codec, code, { ...header, bitsAllocated: wordBits }, name, codecsUrl)
    : rawBytes(elements, header);
  const expected = (height * width * wordBits) / 8;
  if (bytes.length < expected) {
    throw new FileError({
      file: name,
      problem: `is a truncated DICOM file: it holds ${bytes.length} bytes of pixels, expected ${expected}`,
    });
  }
  return toWords(bytes.subarray(0, expected), wordBits, byteOrder ?? 'little');
}

function rawBytes(elements: DataSet, header: DicomHeader): Uint8Array {
  const { transferSyntax, height, width, bitsAllocated, frame } = header;
  const { offset, length = 0, vr } = elements.elements.get(TAGS.PixelData)!;
  const start = (height * width * bitsAllocated * frame) / 8;
  const bytes = elements.bytes.subarray(offset, offset + length);
  const isTurned = UNCOMPRESSED[transferSyntax] === 'big' && bitsAllocated === 8 && vr === 'OW';
  // Two pixels are one word, its upper byte first.
  return (isTurned ? bytes.map((_, at) => bytes[at ^ 1]!) : bytes).subarray(start);
}

/**
 * How many bits the codec gives for each pixel: those of the code stream, which may be fewer than the header allocates.
 * Codecs cut or fill what has another size than the header says, so that is refused here.
 */
function wordBitsOf(code: Uint8Array, codec: Codec, header: DicomHeader, name: string): 8 | 16 {
  const { height, width, bitsAllocated } = header;
  const frame = codec === 'decodeRle' ? undefined : readCodeFrame(code);
  if (!frame) return bitsAllocated; // the codec says what is wrong
  const isSame = frame.height === height && frame.width === width && frame.components === 1;
  if (!isSame || frame.bits > bitsAllocated) {
    throw new FileError({
      file: name,
      problem:
        `is a corrupt DICOM file: its header says ${width}x${height} gray pixels of ${bitsAllocated} bits, its compressed image ` +
        `has ${frame.width}x${frame.height} of ${frame.components} channel(s) and ${frame.bits} bits`,
    });
  }
  return frame.bits <= 8 ? 8 : 16;
}

async function decompress(
  codec: Codec,
  code: Uint8Array,
  header: DicomHeader,
  name: string,
  codecsUrl: string | undefined,
): Promise<Uint8Array> {
  const { height, width, bitsAllocated, bitsStored, isSigned } = header;
  const { Context, NativeCodecs } = await loadCodecs(codecsUrl, name);
  const context = new Context({
    height,
    width,
    bitsAllocated,
    bitsStored: Math.min(bitsStored, bitsAllocated),
    samplesPerPixel: 1,
    pixelRepresentation: isSigned ? 1 : 0,
    planarConfiguration: 0,
    photometricInterpretation: 'MONOCHROME2', // gray either way; the inversion is ours
    encodedBuffer: code,
  });
  try {
    return NativeCodecs[codec](context, {}).getDecodedBuffer() ?? new Uint8Array();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new FileError({
      file: name,
      problem: `is a DICOM file whose compressed pixels are truncated or corrupt (${text})`,
    });
  }
}

let codecs: Promise<typeof import('dcmjs-codecs')> | undefined;

/** Loaded on first use: 4 MB of WebAssembly that uncompressed files do not need. */
function loadCodecs(codecsUrl: string | undefined, name: string): Promise<typeof import('dcmjs-codecs')> {
  codecs ??= import('dcmjs-codecs')
    .then(async ({ default: library }) => {
      await library.NativeCodecs.initializeAsync(
        codecsUrl === undefined ? {} : { webAssemblyModulePathOrUrl: codecsUrl },
      );
      return library;
    })
    .catch((error: unknown) => {
      codecs = undefined; // another try may give another address
      const text = error instanceof Error ? error.message : String(error);
      throw new FileError({
        file: name,
        problem: `is a compressed DICOM file, and its codecs could not be loaded from ${codecsUrl ?? 'where the page is'} (${text})`,
        fix: 'Pass the address of `dcmjs-codecs/build/dcmjs-native-codecs.wasm` as `codecsUrl`.',
        cause: error,
      });
    });
  return codecs;
}

function toWords(
  bytes: Uint8Array,
  bitsAllocated: 8 | 16,
  byteOrder: 'little' | 'big',
): Uint8Array | Uint16Array {
  if (bitsAllocated === 8) return bytes;
  const words = new Uint16Array(bytes.length / 2);
  const [low, high] = byteOrder === 'little' ? [0, 1] : [1, 0];
  for (let at = 0; at < words.length; at++) words[at] = bytes[2 * at + low]! | (bytes[2 * at + high]! << 8);
  return words;
}
