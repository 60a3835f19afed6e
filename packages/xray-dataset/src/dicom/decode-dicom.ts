import type { DataSet } from 'dicom-parser';
import type { DecodedImage } from 'xray-core';
import { parseDicomFile } from './dicom-file.js';
import { type DicomHeader, readHeader } from './dicom-header.js';
import { displayCurve, linear, modalityTransform } from './display-window.js';
import { percentileWindow } from './percentile-window.js';
import { readStoredWords } from './stored-values.js';

/** Options of `decodeDicom`. */
export interface DecodeDicomOptions {
  /** What errors call the file. @default 'DICOM file' */
  name?: string;
  /**
   * Address of `dcmjs-codecs/build/dcmjs-native-codecs.wasm`, for compressed files in a browser; Node finds it by
   * itself. The first call decides.
   *
   * @default undefined (the folder of the page)
   */
  codecsUrl?: string;
}

/**
 * Decodes the bytes of a DICOM radiograph the way a viewer shows it: modality transform (rescale or lookup table), then
 * the file's VOI lookup table or its first window, then `MONOCHROME1` turned so that air is black.
 *
 * Files without either get the window from the 0.5th to the 99.5th percentile; those that store 8 bits or less count as
 * windowed already and keep their full range. Uncompressed (little and big endian, deflated), RLE, JPEG (baseline,
 * extended, lossless), JPEG-LS and JPEG 2000 files are understood.
 *
 * @returns One channel; uint16 over its full range for files that store more than 8 bits, else uint8.
 * @throws {FileError} If the file is no DICOM file, corrupt, holds no image, several frames or colours, or is
 *   compressed in another way. Errors never hold patient data.
 *
 * @example
 * const image = await decodeDicom(new Uint8Array(await file.arrayBuffer()), { name: file.name });
 */
export async function decodeDicom(
  bytes: Uint8Array,
  options: DecodeDicomOptions = {},
): Promise<DecodedImage> {
  const { name = 'DICOM file', codecsUrl } = options;
  const elements = parseDicomFile(bytes, name);
  const header = readHeader(elements, name);
  const words = await readStoredWords(elements, header, name, codecsUrl);
  const { height, width, bitsStored, highBit } = header;
  const shift = highBit + 1 - bitsStored;
  const mask = 2 ** bitsStored - 1; // what lies outside the stored bits is overlays of old files

  const levels = displayLevels(elements, header, name, () => {
    const counts = new Uint32Array(mask + 1);
    for (const word of words) counts[(word >> shift) & mask]!++;
    return counts;
  });
  const pixels = levels instanceof Uint16Array ? new Uint16Array(words.length) : new Uint8Array(words.length);
  for (let at = 0; at < words.length; at++) pixels[at] = levels[(words[at]! >> shift) & mask]!;
  return { pixels, height, width, channels: 1 };
}

/** Display level of each of the `2 ** bitsStored` bit patterns a pixel can have. */
function displayLevels(
  elements: DataSet,
  header: DicomHeader,
  name: string,
  countPatterns: () => Uint32Array,
): Uint8Array | Uint16Array {
  const { bitsStored, isSigned, isInverted } = header;
  const count = 2 ** bitsStored;
  const lowest = isSigned ? -count / 2 : 0;
  const toValue = modalityTransform(elements, name, isSigned);
  const valueAt = (rank: number) => toValue(lowest + rank); // ranks order the patterns by their stored number
  const patternAt = (rank: number) => (lowest + rank + count) % count;

  let curve = displayCurve(elements, name, isSigned);
  if (curve === undefined && bitsStored <= 8) {
    const [first, last] = [valueAt(0), valueAt(count - 1)];
    curve = linear((first + last) / 2, Math.abs(last - first));
  }
  if (curve === undefined) {
    const counts = countPatterns();
    const padding = elements.uint16('x00280120');
    if (padding !== undefined) counts[padding % count] = 0; // fill around the image, no part of it
    curve = percentileWindow(
      Uint32Array.from({ length: count }, (_, rank) => counts[patternAt(rank)]!),
      valueAt,
    );
  }
  const top = bitsStored > 8 ? 65535 : 255;
  const levels = bitsStored > 8 ? new Uint16Array(count) : new Uint8Array(count);
  for (let rank = 0; rank < count; rank++) {
    const shown = curve(valueAt(rank));
    levels[patternAt(rank)] = Math.round((isInverted ? 1 - shown : shown) * top);
  }
  return levels;
}
