import { InvalidArgumentError } from './errors.js';
import type { DecodedImage, ResizeRule } from './image.js';
import { checkImage, resizeImage } from './resize-image.js';

/** What a decoded image is turned into before a model sees it. */
export interface PrepareRule {
  /** 1 for gray, 3 for RGB. */
  readonly channels: 1 | 3;
  readonly resize: ResizeRule;
}

/** How 16-bit gray levels become 8-bit ones, in words, for records. */
export const SIXTEEN_BIT_RULE = 'full range: level >> 8';

/**
 * Turns any decoded image into the pixels a model was trained on: gray or RGB, the one resize, 8 bits. The dataset
 * and `classify` both go through here, so training and prediction cannot differ.
 *
 * @returns uint8 pixels, `[rule.resize.height, rule.resize.width, rule.channels]`.
 * @throws {InvalidArgumentError} If a size or `channels` is out of range, or `pixels` has another length than its sizes say.
 */
export function prepareImage(
  image: DecodedImage,
  rule: PrepareRule,
): DecodedImage & { readonly pixels: Uint8Array } {
  checkImage(image);
  const { channels, resize } = rule;
  const narrow = channels === 1 ? convertChannels(image, 1) : image; // fewer channels to filter
  const { pixels, ...size } = convertChannels(toEightBit(resizeImage(narrow, resize)), channels);
  return { ...size, pixels: pixels as Uint8Array };
}

/** 16-bit images keep their upper 8 bits; 8-bit ones are returned as they are. */
export function toEightBit(image: DecodedImage): DecodedImage {
  if (image.pixels.BYTES_PER_ELEMENT === 1) return image;
  return { ...image, pixels: Uint8Array.from(image.pixels, (level) => level >> 8) };
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
  const { pixels, height, width } = image;
  const count = height * width;
  const wide = pixels.BYTES_PER_ELEMENT > 1;
  const converted = wide ? new Uint16Array(count * channels) : new Uint8Array(count * channels);
  if (channels === 3) {
    for (let at = 0; at < count; at++) converted.fill(pixels[at]!, at * 3, at * 3 + 3);
  } else {
    for (let at = 0, from = 0; at < count; at++, from += 3) {
      const sum = pixels[from]! * 19595 + pixels[from + 1]! * 38470 + pixels[from + 2]! * 7471;
      converted[at] = Math.floor((sum + 0x8000) / 65536); // beyond 32 bits for 16-bit levels
    }
  }
  return { pixels: converted, height, width, channels };
}
