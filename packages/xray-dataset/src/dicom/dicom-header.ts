import type { DataSet } from 'dicom-parser';
import { FileError } from 'xray-core';

/** @internal What is needed to turn the stored bytes of a gray image into numbers. */
export interface DicomHeader {
  readonly transferSyntax: string;
  readonly height: number;
  readonly width: number;
  readonly bitsAllocated: 8 | 16;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly isSigned: boolean;
  /** Low values are white. */
  readonly isInverted: boolean;
}

/**
 * @internal Reads and checks the header of a single gray image.
 *
 * @throws {FileError} For files without an image, with several frames, in colour, or with values out of range.
 */
export function readHeader(elements: DataSet, name: string): DicomHeader {
  const refuse = (problem: string, fix?: string): never => {
    throw new FileError({ file: name, problem, ...(fix ? { fix } : {}) });
  };
  const whole = (tag: string, what: string, fallback?: number): number =>
    elements.uint16(tag) ?? fallback ?? refuse(`is a DICOM file without ${what}`);

  if (!elements.elements.x7fe00010) {
    refuse('is a DICOM file without an image', 'Leave out reports, structured data and the like.');
  }
  const frames = Number(elements.string('x00280008') ?? 1);
  if (frames > 1) {
    refuse(`is a DICOM file with ${frames} frames, expected a single image`, 'Export one frame per file.');
  }
  const photometric = elements.string('x00280004')?.trim() ?? '';
  const samples = whole('x00280002', 'a number of channels', 1);
  if (samples !== 1 || !['MONOCHROME1', 'MONOCHROME2'].includes(photometric)) {
    refuse(
      `is a DICOM file with ${samples} channel(s) of type ${photometric || 'unknown'}, expected a gray image (MONOCHROME1 or MONOCHROME2)`,
      'Radiographs are gray; colour ones are usually screenshots.',
    );
  }
  const height = whole('x00280010', 'a number of rows');
  const width = whole('x00280011', 'a number of columns');
  if (height === 0 || width === 0) refuse(`is a DICOM file of ${width}x${height} pixels`);

  const bitsAllocated = whole('x00280100', 'a number of bits');
  const bitsStored = whole('x00280101', 'a number of stored bits', bitsAllocated);
  const highBit = whole('x00280102', 'a high bit', bitsStored - 1);
  if (bitsAllocated !== 8 && bitsAllocated !== 16) {
    return refuse(`is a DICOM file with ${bitsAllocated} bits per pixel, expected 8 or 16`);
  }
  if (bitsStored < 1 || highBit >= bitsAllocated || highBit + 1 < bitsStored) {
    refuse(`is a DICOM file that stores ${bitsStored} bits up to bit ${highBit} of ${bitsAllocated}`);
  }
  return {
    transferSyntax: elements.string('x00020010')?.trim() ?? '',
    height,
    width,
    bitsAllocated,
    bitsStored,
    highBit,
    isSigned: whole('x00280103', 'a pixel representation', 0) === 1,
    isInverted: photometric === 'MONOCHROME1',
  };
}
