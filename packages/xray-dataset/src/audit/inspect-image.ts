import {
  type AuditLimits,
  convertChannels,
  type DecodedImage,
  type SuspicionKind,
  sha256,
  toEightBit,
} from 'xray-core';
import { COLOURED_SHARE, colouredShare } from '../pixels/is-coloured.js';
import { measureEdges } from './edge-bars.js';
import { lungContrast } from './lung-contrast.js';
import { hashThumbnail, thumbnailOf } from './perceptual-hash.js';

/**
 * Limits of `auditDataset` unless others are given. What they find in real chest X-rays is measured in `docs/auditing.md` of
 * the repository.
 */
export const DEFAULT_AUDIT_LIMITS: AuditLimits = {
  nearDistance: 8,
  nearCorrelation: 0.98,
  blank: 8,
  tiny: 64,
  elongated: 2,
  coloured: COLOURED_SHARE,
  inverted: 0,
  flatBorder: 0.1,
  textBar: 8,
};

/** @internal What is kept of an image once it was looked at. */
export interface InspectedImage {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  readonly bits: 8 | 16;
  /** SHA-256 of size, depth and pixels. */
  readonly pixelHash: string;
  readonly hash: readonly [high: number, low: number];
  /** uint8 `[32 * 32]`. */
  readonly thumbnail: Uint8Array;
  readonly suspicions: readonly { readonly kind: SuspicionKind; readonly value: number }[];
}

/** @internal Hashes and measures an image. */
export async function inspectImage(image: DecodedImage, limits: AuditLimits): Promise<InspectedImage> {
  const { height, width, channels } = image;
  const bits = image.pixels.BYTES_PER_ELEMENT === 1 ? 8 : 16;
  const narrow = isGray(image) ? convertChannels(image, 1) : image;
  const { bitsUsed = 16 } = image; // levels of fewer bits are no flat image
  const gray = toEightBit({ ...convertChannels(narrow, 1), bitsUsed: image.bitsUsed }, Math.max(8, bitsUsed));
  const thumbnail = thumbnailOf(gray);
  return {
    ...{ height, width, channels, bits, thumbnail },
    pixelHash: await hashPixels(narrow),
    hash: hashThumbnail(thumbnail),
    suspicions: findSuspicions(image, gray, thumbnail, limits),
  };
}

function findSuspicions(
  image: DecodedImage,
  gray: DecodedImage,
  thumbnail: Uint8Array,
  limits: AuditLimits,
): InspectedImage['suspicions'] {
  const { height, width } = image;
  const { deviation, flatBorder, textBar } = measureEdges({ ...gray, pixels: gray.pixels as Uint8Array });
  const found: { kind: SuspicionKind; value: number }[] = [];
  const note = (kind: SuspicionKind, value: number, isBeyond: boolean) => {
    if (isBeyond) found.push({ kind, value: Number(value.toFixed(4)) });
  };
  const shorter = Math.min(height, width);
  const ratio = Math.max(height, width) / shorter;
  const colours = colouredShare(image);
  note('blank', deviation, deviation < limits.blank);
  note('tiny', shorter, shorter < limits.tiny);
  note('elongated', ratio, ratio > limits.elongated);
  note('coloured', colours, colours > limits.coloured);
  if (deviation < limits.blank) return found;
  const contrast = lungContrast(thumbnail);
  note('inverted', contrast, contrast < limits.inverted);
  note('flatBorder', flatBorder, flatBorder >= limits.flatBorder);
  note('textBar', textBar, textBar >= limits.textBar);
  return found;
}

/** Whether all channels are equal, so that the pixels are those of a gray image. */
function isGray({ pixels, channels }: DecodedImage): boolean {
  if (channels === 1) return true;
  for (let at = 0; at < pixels.length; at += 3)
    if (pixels[at] !== pixels[at + 1] || pixels[at] !== pixels[at + 2]) return false;
  return true;
}

async function hashPixels({ pixels, height, width, channels }: DecodedImage): Promise<string> {
  const { buffer, byteOffset, byteLength, BYTES_PER_ELEMENT } = pixels;
  const digest = await sha256(new Uint8Array(buffer, byteOffset, byteLength));
  return `${height}x${width}x${channels}x${BYTES_PER_ELEMENT} ${digest}`;
}
