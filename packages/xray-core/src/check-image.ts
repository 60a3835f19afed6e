import { InvalidArgumentError } from './errors.js';
import type { DecodedImage } from './image.js';
import { checkWholeNumber } from './whole-number.js';

/**
 * @internal Checks that sizes, channels and the number of pixels agree.
 *
 * @throws {InvalidArgumentError} If they do not; `argument` names the field.
 */
export function checkImage(image: DecodedImage): void {
  const { pixels, height, width, channels, extent } = image;
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
