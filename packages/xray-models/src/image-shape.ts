import { InvalidArgumentError } from 'xray-core';

/** `[height, width, channels]` of one image, without the batch axis. Pixels, channels last. */
export type ImageShape = readonly [height: number, width: number, channels: 1 | 3];

/** @internal Rejects shapes the network would shrink to nothing. */
export function checkImageShape(shape: ImageShape, minimumSize: number): void {
  const [height, width, channels] = shape;
  if (![height, width].every((size) => Number.isSafeInteger(size) && size >= minimumSize)) {
    throw new InvalidArgumentError({
      argument: 'imageShape',
      expected: `at least ${minimumSize}x${minimumSize} whole pixels for this model`,
      received: shape,
      fix: 'Use larger images or fewer blocks.',
    });
  }
  if (channels !== 1 && channels !== 3) {
    throw new InvalidArgumentError({
      argument: 'imageShape[2]',
      expected: '1 (gray) or 3 (RGB)',
      received: channels,
    });
  }
}
