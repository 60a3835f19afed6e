import sharp, { type Metadata } from 'sharp';
import type { DecodedImage, ResizeRule, Sample } from 'xray-core';
import { FileError } from 'xray-core';
import { decodeDicom } from '../dicom/decode-dicom.js';
import { isDicom } from '../dicom/dicom-file.js';
import type { Decode } from '../pixels/decode-pixels.js';
import { readImageFile } from './read-image-file.js';

/** Options of `decodeImageFile`. */
export interface DecodeOptions {
  /**
   * Rule the image will be resized by. JPEG files are then decoded at 1/2, 1/4 or 1/8 of their size, which is
   * faster, but never below twice the rule's size; always at full size for `nearest`, which picks single pixels.
   * Give the same rule for training and for prediction.
   *
   * @default undefined (full size)
   */
  rule?: ResizeRule;
}

/**
 * Decodes a JPEG, PNG, WebP or TIFF file with sharp: upright by its Exif orientation, colour profiles
 * ignored (as Pillow does), transparency laid over black, CMYK turned into RGB. DICOM files, recognised by their
 * content, are decoded by `decodeDicom`.
 *
 * @returns 1 channel for gray files, 3 for all others; uint16 for files with more than 8 bits per channel, else uint8.
 * @throws {FileError} If the file is missing, not an image, truncated, corrupt, or of another pixel type.
 */
export async function decodeImageFile(file: string, options: DecodeOptions = {}): Promise<DecodedImage> {
  return decodeImageBytes(await readImageFile(file), file, options);
}

/** @internal `decodeImageFile` on bytes that were read before; errors name `file`. */
export async function decodeImageBytes(
  bytes: Buffer,
  file: string,
  options: DecodeOptions = {},
): Promise<DecodedImage> {
  if (isDicom(bytes)) return decodeDicom(bytes, { name: file });
  try {
    // `warning` is the strictest level; below it libjpeg's "corrupt data" counts as success.
    const image = sharp(bytes, { failOn: 'warning', ignoreIcc: true, autoOrient: true });
    const facts = await image.metadata();
    if (facts.depth !== 'uchar' && facts.depth !== 'ushort') {
      throw new FileError({
        file,
        problem: `has pixels of type ${facts.depth}, expected 8 or 16 bit integers`,
      });
    }
    const isDeep = facts.depth === 'ushort';
    const isGray = ['b-w', 'grey16'].includes(facts.space);
    if (facts.hasAlpha) image.flatten({ background: 'black' });
    const shrink = options.rule ? shrinkFactor(facts, options.rule) : 1;
    if (shrink > 1) {
      // Rounded down, so that sharp shrinks by the whole factor while loading; what is left is under one pixel.
      const { width, height } = facts.autoOrient;
      image.resize(Math.floor(width / shrink), Math.floor(height / shrink), {
        fit: 'fill',
        kernel: 'linear',
      });
    }
    image.toColourspace(isGray ? (isDeep ? 'grey16' : 'b-w') : isDeep ? 'rgb16' : 'srgb');
    const { data, info } = await image
      .raw({ depth: isDeep ? 'ushort' : 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const channels = info.channels === 1 ? 1 : 3;
    if (info.channels !== channels) {
      throw new FileError({ file, problem: `has ${info.channels} channels, expected gray or RGB` });
    }
    return { pixels: toPixels(data, isDeep), height: info.height, width: info.width, channels };
  } catch (error) {
    if (error instanceof FileError) throw error;
    const text = error instanceof Error ? error.message : String(error);
    throw new FileError({ file, problem: describeProblem(text), cause: error });
  }
}

/**
 * Decoder for `createPixelStore` that reads each sample's `source` as a file. Give it the store's rule: large JPEG
 * files are then decoded no larger than needed (see `DecodeOptions.rule`).
 *
 * @example
 * const rule = { height: 224, width: 224 };
 * const store = await createPixelStore(samples, { decode: fileDecoder({ rule }), rule });
 */
export function fileDecoder(options: { rule: ResizeRule }): Decode {
  return (sample: Sample) => decodeImageFile(sample.source, options);
}

/** Largest of 8, 4, 2, 1 that leaves both sides at least twice the target. */
function shrinkFactor(facts: Metadata, target: ResizeRule): number {
  if (facts.format !== 'jpeg' || target.method === 'nearest') return 1;
  const { width, height } = facts.autoOrient;
  const room = Math.min(width / (2 * target.width), height / (2 * target.height));
  return [8, 4, 2].find((factor) => factor <= room) ?? 1;
}

function toPixels(data: Buffer, isDeep: boolean): Uint8Array | Uint16Array {
  if (!isDeep) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return new Uint16Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength));
}

function describeProblem(text: string): string {
  if (/unsupported image format|unknown file type/i.test(text)) {
    return 'is not an image of a known format (jpeg, png, webp, tiff, dicom)';
  }
  return `is truncated or corrupt (${text.trim().split('\n').at(-1)})`;
}
