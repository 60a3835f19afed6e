import { checkImage } from './check-image.js';
import { InvalidArgumentError } from './errors.js';
import type { DecodedImage, ResizeRule } from './image.js';
import { lumaSimd } from './luma-simd.js';
import { resizeImage } from './resize-image.js';

/** What a decoded image is turned into before a model sees it. */
export interface PrepareRule {
  /** 1 for gray, 3 for RGB. */
  readonly channels: 1 | 3;
  readonly resize: ResizeRule;
  /**
   * Bits that 16-bit images store whose white is not known (`DecodedImage.bitsUsed`), from 8 to 16: white is the largest
   * level of so many bits. The same for all images of a dataset, and for those a model trained on it is given.
   *
   * @default undefined (16)
   */
  readonly bitsStored?: number | undefined;
}

/** Weights of Pillow's `convert('L')`, in 65536ths. */
const RED = 19595;
const GREEN = 38470;
const BLUE = 7471;
const HALF = 0x8000;

/**
 * Turns any decoded image into the pixels a model was trained on: gray or RGB, the one resize, 8 bits. The dataset
 * and `classify` both go through here, so training and prediction cannot differ.
 *
 * @returns uint8 pixels, `[rule.resize.height, rule.resize.width, rule.channels]`.
 * @throws {InvalidArgumentError} If a size, `channels` or `bitsStored` is out of range, `pixels` has another length than its
 *   sizes say, or the image uses more bits than the rule says.
 */
export function prepareImage(
  image: DecodedImage,
  rule: PrepareRule,
): DecodedImage & { readonly pixels: Uint8Array } {
  checkImage(image);
  const { channels, resize, bitsStored } = rule;
  const narrow = channels === 1 ? convertChannels(image, 1) : image; // fewer channels to filter
  const resized = { ...resizeImage(narrow, resize), bitsUsed: image.bitsUsed };
  const { pixels, height, width } = convertChannels(toEightBit(resized, bitsStored), channels);
  return { pixels: pixels as Uint8Array, height, width, channels };
}

/**
 * 16-bit images keep the upper 8 of their bits; 8-bit ones are returned as they are.
 *
 * @param bitsStored - See `PrepareRule`; without meaning for images whose white is known.
 * @throws {InvalidArgumentError} If it is out of range, or the image uses more bits.
 */
export function toEightBit(image: DecodedImage, bitsStored = 16): DecodedImage {
  const { bitsUsed, ...rest } = image;
  if (image.pixels.BYTES_PER_ELEMENT === 1) return image;
  checkBitsStored(bitsStored);
  if (bitsUsed !== undefined && bitsUsed > bitsStored) {
    throw new InvalidArgumentError({
      argument: 'image.bitsUsed',
      expected: `at most ${bitsStored}, the bits that 16-bit images were said to store`,
      received: bitsUsed,
      fix: 'The image is of another kind; convert it, or give the bits that images of its kind store.',
    });
  }
  const shift = (bitsUsed === undefined ? 16 : bitsStored) - 8;
  return { ...rest, pixels: Uint8Array.from(image.pixels, (level) => level >> shift) };
}

/**
 * Checks a `PrepareRule.bitsStored`.
 *
 * @throws {InvalidArgumentError} If it is no whole number from 8 to 16.
 */
export function checkBitsStored(received: number): void {
  if (Number.isInteger(received) && received >= 8 && received <= 16) return;
  throw new InvalidArgumentError({
    argument: 'bitsStored',
    expected: 'a whole number from 8 to 16',
    received,
  });
}

/** Bits that the largest of 16-bit levels takes, from 1 to 16, for `DecodedImage.bitsUsed`. */
export function bitsOfLevels(levels: Uint16Array): number {
  let all = 1;
  for (const level of levels) all |= level;
  return 32 - Math.clz32(all);
}

/**
 * Gray to RGB repeats the channel; RGB to gray is ITU-R BT.601 luma with the integer weights of Pillow's
 * `convert('L')`, so an RGB file whose channels are equal keeps its exact gray levels.
 */
export function convertChannels(image: DecodedImage, channels: 1 | 3): DecodedImage {
  if (channels !== 1 && channels !== 3) {
    throw new InvalidArgumentError({
      argument: 'channels',
      expected: '1 (gray) or 3 (RGB)',
      received: channels,
    });
  }
  if (image.channels === channels) return image;
  const { pixels } = image;
  const converted = channels === 3 ? repeatGray(pixels) : toGray(pixels);
  return { ...image, pixels: converted, channels };
}

function toGray(color: DecodedImage['pixels']): Uint8Array | Uint16Array {
  return isBytes(color) ? (lumaSimd(color) ?? luma(color)) : deepLuma(color);
}

function isBytes(pixels: DecodedImage['pixels']): pixels is Uint8Array | Uint8ClampedArray {
  return pixels.BYTES_PER_ELEMENT === 1;
}

function repeatGray(gray: DecodedImage['pixels']): Uint8Array | Uint16Array {
  const color = isBytes(gray) ? new Uint8Array(gray.length * 3) : new Uint16Array(gray.length * 3);
  for (let at = 0, to = 0; at < gray.length; at++, to += 3) {
    const level = gray[at]!;
    color[to] = level;
    color[to + 1] = level;
    color[to + 2] = level;
  }
  return color;
}

/** All in 32-bit integers, which takes a fifth of the time of `deepLuma`. */
function luma(color: Uint8Array | Uint8ClampedArray): Uint8Array {
  const gray = new Uint8Array(color.length / 3);
  for (let at = 0, from = 0; at < gray.length; at++, from += 3) {
    gray[at] = (color[from]! * RED + color[from + 1]! * GREEN + color[from + 2]! * BLUE + HALF) >> 16;
  }
  return gray;
}

/** Sums of 16-bit levels do not fit into 32 bits. */
function deepLuma(color: ArrayLike<number>): Uint16Array {
  const gray = new Uint16Array(color.length / 3);
  for (let at = 0, from = 0; at < gray.length; at++, from += 3) {
    const sum = color[from]! * RED + color[from + 1]! * GREEN + color[from + 2]! * BLUE;
    gray[at] = Math.floor((sum + HALF) / 65536);
  }
  return gray;
}
