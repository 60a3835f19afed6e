import { FileError } from 'xray-core';
import { checkImageSize } from '../pixels/image-size.js';
import { TAGS } from './data-set.js';
import type { DicomFile } from './dicom-file.js';

/** @internal What is needed to turn the stored bytes of a gray image into numbers. */
export interface DicomHeader {
  readonly transferSyntax: string;
  readonly height: number;
  readonly width: number;
  readonly bitsAllocated: 8 | 16;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly isSigned: boolean;
  /** Number of frames in the file. */
  readonly frames: number;
  /** The one to read, from 0. */
  readonly frame: number;
  /** Low values are white. */
  readonly isInverted: boolean;
}

/** @internal Which image of a file is wanted, and how large it may be. */
export interface WantedImage {
  /** Counts from 1. */
  readonly frame: number | undefined;
  readonly maxPixels: number;
}

/**
 * @internal Reads and checks the header of a gray image.
 *
 * @throws {FileError} For files without an image, of several frames of which none was chosen, in colour, too large, or with
 *   values out of range.
 */
export function readHeader(
  { dataSet, transferSyntax, isDirectory }: DicomFile,
  name: string,
  wanted: WantedImage,
): DicomHeader {
  const refuse = (problem: string, fix?: string): never => {
    throw new FileError({ file: name, problem, ...(fix ? { fix } : {}) });
  };
  const whole = (tag: number, what: string, fallback?: number): number =>
    dataSet.uint16(tag) ?? fallback ?? refuse(`is a DICOM file without ${what}`);

  if (isDirectory) {
    refuse('is a DICOMDIR, the index of a medium, not an image', 'Give the images that it lists.');
  }
  if (!dataSet.elements.has(TAGS.PixelData)) {
    refuse('is a DICOM file without an image', 'Leave out reports, structured data and the like.');
  }
  const frames = dataSet.number(TAGS.NumberOfFrames) ?? 1;
  const { frame = 1, maxPixels } = wanted;
  if (frames > 1 && wanted.frame === undefined) {
    refuse(
      `is a DICOM file with ${frames} frames, expected a single image`,
      `Choose one of them with \`frame\` (\`--frame\` of the programs), from 1 to ${frames}.`,
    );
  }
  if (frames > 1 && frame > frames)
    refuse(`is a DICOM file with ${frames} frames, which has no frame ${frame}`);
  const photometric = dataSet.text(TAGS.PhotometricInterpretation) ?? '';
  const samples = whole(TAGS.SamplesPerPixel, 'a number of channels', 1);
  if (samples !== 1 || !['MONOCHROME1', 'MONOCHROME2'].includes(photometric)) {
    refuse(
      `is a DICOM file with ${samples} channel(s) of type ${photometric || 'unknown'}, expected a gray image (MONOCHROME1 or MONOCHROME2)`,
      'Radiographs are gray; colour ones are usually screenshots.',
    );
  }
  const height = whole(TAGS.Rows, 'a number of rows');
  const width = whole(TAGS.Columns, 'a number of columns');
  if (height === 0 || width === 0) refuse(`is a DICOM file of ${width}x${height} pixels`);
  checkImageSize(name, { height, width }, maxPixels);
  const bitsAllocated = whole(TAGS.BitsAllocated, 'a number of bits');
  const bitsStored = whole(TAGS.BitsStored, 'a number of stored bits', bitsAllocated);
  const highBit = whole(TAGS.HighBit, 'a high bit', bitsStored - 1);
  if (bitsAllocated !== 8 && bitsAllocated !== 16) {
    return refuse(`is a DICOM file with ${bitsAllocated} bits per pixel, expected 8 or 16`);
  }
  if (bitsStored < 1 || highBit >= bitsAllocated || highBit + 1 < bitsStored) {
    refuse(`is a DICOM file that stores ${bitsStored} bits up to bit ${highBit} of ${bitsAllocated}`);
  }
  return {
    transferSyntax,
    height,
    width,
    bitsAllocated,
    bitsStored,
    highBit,
    isSigned: whole(TAGS.PixelRepresentation, 'a pixel representation', 0) === 1,
    frames,
    frame: frames > 1 ? frame - 1 : 0,
    // Digital radiographs say both of one inversion (PS3.3, C.8.11.3); others say either.
    isInverted: photometric === 'MONOCHROME1' || dataSet.text(TAGS.PresentationLUTShape) === 'INVERSE',
  };
}
