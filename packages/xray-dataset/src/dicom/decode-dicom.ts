import { checkWholeNumber, type DecodedImage, type ImageWarning } from 'xray-core';
import { DEFAULT_MAX_PIXELS } from '../pixels/image-size.js';
import { factsOf } from './dicom-facts.js';
import { parseDicomFile } from './dicom-file.js';
import { readHeader } from './dicom-header.js';
import { displayLevels } from './display-levels.js';
import { frontalChestWarnings } from './frontal-chest.js';
import { readStoredWords } from './stored-values.js';

/** Options of `decodeDicom`. */
export interface DecodeDicomOptions {
  /** What errors call the file. @default 'DICOM file' */
  name?: string | undefined;
  /**
   * Frame to decode of a file that holds several, from 1; files with one frame are decoded whatever it is.
   *
   * @default undefined (files with several frames are refused)
   */
  frame?: number | undefined;
  /** Most pixels that an image may have. @default `DEFAULT_MAX_PIXELS` */
  maxPixels?: number | undefined;
  /**
   * Address of `dcmjs-codecs/build/dcmjs-native-codecs.wasm`, for compressed files in a browser; Node finds it by
   * itself. The first call decides.
   *
   * @default undefined (the folder of the page)
   */
  codecsUrl?: string | undefined;
}

/**
 * Decodes the bytes of a DICOM radiograph the way a viewer shows it: modality transform (rescale or lookup table), then
 * the file's VOI lookup table or its first window, then `MONOCHROME1`, or a presentation lookup table that inverts, turned so
 * that air is black. Padding is black.
 *
 * Files without either, or with a window that leaves nothing to see (which gives a warning), get the window from the 0.5th to
 * the 99.5th percentile of all but padding; those that store 8 bits or less count as windowed already and keep their full range.
 * Uncompressed (little and big endian, deflated), RLE, JPEG (baseline, extended, lossless), JPEG-LS and JPEG 2000 files are
 * understood, with and without the preamble.
 *
 * @returns One channel; uint16 over its full range for files that store more than 8 bits, else uint8. Its `warnings` say what
 *   to doubt: that the file does not call itself a frontal chest image, or that its window was not used.
 * @throws {FileError} If the file is no DICOM file, corrupt, holds no image, several frames or colours, is too large, or is
 *   compressed in another way. Errors never hold patient data.
 *
 * @example
 * const image = await decodeDicom(new Uint8Array(await file.arrayBuffer()), { name: file.name });
 */
export async function decodeDicom(
  bytes: Uint8Array,
  options: DecodeDicomOptions = {},
): Promise<DecodedImage> {
  const { name = 'DICOM file', frame, maxPixels = DEFAULT_MAX_PIXELS, codecsUrl } = options;
  if (frame !== undefined) checkWholeNumber('frame', frame);
  const file = parseDicomFile(bytes, name);
  const header = readHeader(file, name, { frame, maxPixels });
  const words = await readStoredWords(file.dataSet, header, name, codecsUrl);
  const { height, width, bitsStored, highBit } = header;
  const shift = highBit + 1 - bitsStored;
  const mask = 2 ** bitsStored - 1; // what lies outside the stored bits is overlays of old files
  const counts = new Uint32Array(mask + 1);
  for (let at = 0; at < words.length; at++) counts[(words[at]! >> shift) & mask]!++;
  const { levels, isWindowIgnored } = displayLevels(file.dataSet, header, name, counts);
  const pixels = levels instanceof Uint16Array ? new Uint16Array(words.length) : new Uint8Array(words.length);
  for (let at = 0; at < words.length; at++) pixels[at] = levels[(words[at]! >> shift) & mask]!;
  const warnings: ImageWarning[] = frontalChestWarnings(factsOf(file));
  if (isWindowIgnored) {
    const text =
      'its window lies beside its values and leaves nothing to see; the window was taken from the values';
    warnings.push({ kind: 'window-ignored', text });
  }
  return { pixels, height, width, channels: 1, ...(warnings.length > 0 ? { warnings } : {}) };
}
