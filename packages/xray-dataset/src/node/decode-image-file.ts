import sharp, { type SharpOptions } from 'sharp';
import type { DecodedImage, ResizeRule, Sample } from 'xray-core';
import { bitsOfLevels, FileError } from 'xray-core';
import { decodeDicom } from '../dicom/decode-dicom.js';
import { isDicom } from '../dicom/dicom-file.js';
import { type JpegFrame, readJpegFrame } from '../jpeg/jpeg-segments.js';
import type { Decode } from '../pixels/decode-pixels.js';
import { checkImageSize, DEFAULT_MAX_PIXELS } from '../pixels/image-size.js';
import { cmykToRgb } from './cmyk-to-rgb.js';
import { readJpegHeader } from './jpeg-header.js';
import { readImageFile, readImageHead } from './read-image-file.js';

/** Options of `decodeImageFile`. */
export interface DecodeOptions {
  /**
   * Rule the image will be resized by. JPEG files are then decoded at 1/2, 1/4 or 1/8 of their size, which is
   * faster, but never below twice the rule's size; always at full size for `nearest`, which picks single pixels, for
   * lossless files and where Exif data turn the image.
   * Give the same rule for training and for prediction.
   *
   * @default undefined (full size)
   */
  rule?: ResizeRule | undefined;
  /**
   * Frame to decode of a DICOM file that holds several, from 1. @default undefined (such files are refused)
   */
  frame?: number | undefined;
  /** Most pixels that an image may have. @default `DEFAULT_MAX_PIXELS` */
  maxPixels?: number | undefined;
}

/**
 * Decodes a JPEG, PNG, WebP or TIFF file with sharp: upright by its Exif orientation, colour profiles
 * ignored (as Pillow does), transparency laid over black, CMYK turned into RGB without a profile. DICOM files, recognised by their
 * content, are decoded by `decodeDicom`.
 *
 * @returns 1 channel for gray files, 3 for all others; uint16 for files with more than 8 bits per channel, else uint8. PNG and
 *   TIFF files with 16 bits have `bitsUsed`, because many hold levels of fewer bits.
 * @throws {FileError} If the file is missing, not an image, truncated, corrupt, too large, or of another pixel type.
 */
export async function decodeImageFile(file: string, options: DecodeOptions = {}): Promise<DecodedImage> {
  const { rule, frame, maxPixels = DEFAULT_MAX_PIXELS } = options;
  const head = await readImageHead(file);
  const hasPlainName = !file.endsWith(']'); // of others, libvips takes the end for options
  const header = hasPlainName && !isDicom(head.bytes) ? readJpegHeader(head.bytes) : undefined;
  const isRead = header !== undefined || head.isWhole; // sharp reads the rest of JPEG files by itself
  const bytes = isRead ? head.bytes : await readImageFile(file);
  if (isDicom(bytes)) return decodeDicom(bytes, { name: file, frame, maxPixels });
  try {
    const { width, height, space, hasAlpha, canShrink } = header
      ? factsOf(header)
      : await readFacts(bytes, file);
    checkImageSize(file, { height, width }, maxPixels);
    const shrink = rule && canShrink && hasPlainName ? shrinkFactor(width, height, rule) : 1;
    const isByName = shrink > 1 || (header && !head.isWhole);
    const image = sharp(isByName ? shrunkWhileLoading(file, shrink) : bytes, INPUT);
    if (hasAlpha) image.flatten({ background: 'black' });
    if (space === 'cmyk') image.pipelineColourspace(space); // sharp would use a profile of its own
    const { data, info } = await image
      .toColourspace(space)
      .raw({ depth: isDeep(space) ? 'ushort' : 'uchar' })
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== CHANNELS[space]) {
      throw new FileError({ file, problem: `has ${info.channels} channels, expected ${CHANNELS[space]}` });
    }
    const extent = shrink > 1 ? { height: height / shrink, width: width / shrink } : undefined;
    const channels = info.channels === 1 ? 1 : 3;
    const pixels = toPixels(data, space);
    const bitsUsed = pixels instanceof Uint16Array ? bitsOfLevels(pixels) : undefined;
    return { pixels, height: info.height, width: info.width, channels, extent, bitsUsed };
  } catch (error) {
    if (error instanceof FileError) throw error;
    const text = error instanceof Error ? error.message : String(error);
    throw new FileError({ file, problem: describeProblem(text), cause: error });
  }
}

/** `warning` is the strictest level; below it libjpeg's "corrupt data" counts as success. */
const INPUT = {
  failOn: 'warning',
  ignoreIcc: true,
  autoOrient: true,
  limitInputPixels: false, // the size is checked before the pixels are read
} satisfies SharpOptions;

/** Channels by the name that libvips has for what is decoded to. */
const CHANNELS = { 'b-w': 1, grey16: 1, srgb: 3, rgb16: 3, cmyk: 4 } as const;
type Space = keyof typeof CHANNELS;

const isDeep = (space: Space): boolean => space === 'grey16' || space === 'rgb16';

/** What decides how a file is decoded. */
interface Facts {
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  readonly space: Space;
  readonly hasAlpha: boolean;
  /**
   * JPEG files that are neither turned nor lossless. When turned ones are shrunk, what remains of a row or column is not
   * missing at the end; of lossless ones, libjpeg would cut out a corner.
   */
  readonly canShrink: boolean;
}

function factsOf({ width, height, components }: JpegFrame): Facts {
  const space = components === 1 ? 'b-w' : components === 3 ? 'srgb' : 'cmyk';
  return { width, height, space, hasAlpha: false, canShrink: true };
}

async function readFacts(bytes: Buffer, file: string): Promise<Facts> {
  const facts = await sharp(bytes, INPUT).metadata();
  const { depth, hasAlpha, orientation = 1, width, height } = facts;
  if (depth !== 'uchar' && depth !== 'ushort') {
    throw new FileError({ file, problem: `has pixels of type ${depth}, expected 8 or 16 bit integers` });
  }
  const isGray = ['b-w', 'grey16'].includes(facts.space);
  const isCmyk = facts.space === 'cmyk' && depth === 'uchar' && !hasAlpha;
  const color = isCmyk ? 'cmyk' : depth === 'ushort' ? 'rgb16' : 'srgb';
  const space = isGray ? (depth === 'ushort' ? 'grey16' : 'b-w') : color;
  const canShrink = orientation === 1 && readJpegFrame(bytes)?.isDct === true;
  return { width, height, space, hasAlpha, canShrink };
}

/**
 * Largest of 8, 4, 2, 1 that leaves both sides at least twice the target, as Pillow's `draft` does when it is asked for
 * twice the target.
 */
function shrinkFactor(width: number, height: number, target: ResizeRule): number {
  if (target.method === 'nearest') return 1;
  const room = Math.min(width / (2 * target.width), height / (2 * target.height));
  return [8, 4, 2].find((factor) => factor <= room) ?? 1;
}

/**
 * The name of a JPEG file with an option for libvips, which takes the last brackets of a name for its options. Sharp's
 * `resize` filters whatever was loaded: asked for a half, it loads the whole and shrinks that, in almost twice the time.
 */
function shrunkWhileLoading(file: string, factor: number): string {
  return `${file}[shrink=${factor}]`;
}

/**
 * Decoder for `createPixelStore` that reads each sample's `source` as a file. Give it the store's rule: large JPEG
 * files are then decoded no larger than needed (see `DecodeOptions.rule`).
 *
 * @example
 * const rule = { height: 224, width: 224 };
 * const store = await createPixelStore(samples, { decode: fileDecoder({ rule }), rule });
 */
export function fileDecoder(options: DecodeOptions): Decode {
  return (sample: Sample) => decodeImageFile(sample.source, options);
}

function toPixels(data: Buffer, space: Space): Uint8Array | Uint16Array {
  if (isDeep(space))
    return new Uint16Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength));
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return space === 'cmyk' ? cmykToRgb(bytes) : bytes;
}

function describeProblem(text: string): string {
  if (/unsupported image format|unknown file type/i.test(text)) {
    return 'is not an image of a known format (jpeg, png, webp, tiff, dicom)';
  }
  return `is truncated or corrupt (${text.trim().split('\n').at(-1)})`;
}
