import sharp from 'sharp';
import type { DecodedImage } from 'xray-core';
import { checkWholeNumber, prepareImage } from 'xray-core';

/**
 * Encodes an image as a PNG data URI, for thumbnails in reports. 16-bit images become 8-bit ones.
 *
 * @param options.maxSide - Longest side in pixels; larger images are shrunk, the aspect ratio is kept.
 *   Without it, the size stays.
 * @param options.bitsStored - Bits that a 16-bit image stores whose white is not known. By default those that it uses.
 * @returns `data:image/png;base64,...`
 * @throws {InvalidArgumentError} If `maxSide` is not a whole number above 0, or `pixels` has another length than
 *   the sizes say.
 */
export async function encodePng(
  image: DecodedImage,
  options: { maxSide?: number | undefined; bitsStored?: number | undefined } = {},
): Promise<string> {
  const {
    maxSide = Math.max(image.height, image.width),
    bitsStored = image.bitsUsed && Math.max(8, image.bitsUsed),
  } = options;
  checkWholeNumber('maxSide', maxSide);
  const scale = Math.min(1, maxSide / Math.max(image.height, image.width));
  const height = Math.max(1, Math.round(image.height * scale));
  const width = Math.max(1, Math.round(image.width * scale));
  const { channels } = image;
  const { pixels } = prepareImage(image, { resize: { height, width }, channels, bitsStored });
  const png = await sharp(pixels, { raw: { height, width, channels } })
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .png()
    .toBuffer();
  return `data:image/png;base64,${png.toString('base64')}`;
}
