import { InvalidArgumentError } from './errors.js';
import type { DecodedImage } from './image.js';
import { checkWholeNumber } from './whole-number.js';

/** What `pixels` may be; names, because arrays may come from another realm. */
const PIXEL_TYPES = ['Uint8Array', 'Uint8ClampedArray', 'Uint16Array'];

/**
 * Checks that an image has 8 or 16 bit pixels, and that sizes, channels and their number agree.
 *
 * @throws {InvalidArgumentError} If they do not; `argument` names the field.
 */
export function checkImage(image: DecodedImage): void {
  if (typeof image !== 'object' || image === null)
    throw new InvalidArgumentError({ argument: 'image', expected: 'a decoded image', received: image });
  const { pixels, height, width, channels, extent } = image;
  const type = Object.prototype.toString.call(pixels).slice('[object '.length, -1);
  if (!PIXEL_TYPES.includes(type)) {
    throw new InvalidArgumentError({
      argument: 'image.pixels',
      expected: `a ${PIXEL_TYPES.join(', ')}`,
      received: type,
      fix: 'Numbers from 0 to 1 must be multiplied by 255 and rounded first.',
    });
  }
  checkWholeNumber('image.height', height);
  checkWholeNumber('image.width', width);
  if (channels !== 1 && channels !== 3) {
    throw new InvalidArgumentError({
      argument: 'image.channels',
      expected: '1 (gray) or 3 (RGB)',
      received: channels,
      fix: 'Drop the alpha channel.',
    });
  }
  for (const side of ['height', 'width'] as const) {
    const received = extent?.[side] ?? image[side];
    if (Math.abs(received - image[side]) < 1) continue;
    throw new InvalidArgumentError({
      argument: `image.extent.${side}`,
      expected: `less than one pixel from ${image[side]}`,
      received,
    });
  }
  if (pixels.length !== height * width * channels) {
    throw new InvalidArgumentError({
      argument: 'image.pixels',
      expected: `${height} x ${width} x ${channels} = ${height * width * channels} values`,
      received: pixels.length,
    });
  }
}
