import { blankLike, type PixelImage, type Pixels } from '../pixel-image.js';

/** A new value for a value; both in `[0, 1]`, what leaves the range is cut off. */
export type Curve = (value: number) => number;

/** Puts every value of a channel through its curve; through a table for uint8. */
export function mapChannels(image: PixelImage, curveOf: (channel: number) => Curve): Pixels {
  const { pixels, channels } = image;
  const mapped = blankLike(pixels);
  for (let channel = 0; channel < channels; channel++) {
    const curve = curveOf(channel);
    if (pixels instanceof Uint8Array) {
      const table = levelTable(curve);
      for (let at = channel; at < pixels.length; at += channels) mapped[at] = table[pixels[at]!]!;
    } else {
      for (let at = channel; at < pixels.length; at += channels) mapped[at] = clip(curve(pixels[at]!));
    }
  }
  return mapped;
}

/** Puts every value through one curve. */
export function mapLevels({ pixels, ...shape }: PixelImage, curve: Curve): Pixels {
  return mapChannels({ ...shape, pixels, channels: 1 }, () => curve);
}

/** Cuts off what leaves `[0, 1]`. */
function clip(value: number): number {
  return value < 0 ? 0 : Math.min(value, 1);
}

function levelTable(curve: Curve): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, level) => Math.round(clip(curve(level / 255)) * 255));
}
