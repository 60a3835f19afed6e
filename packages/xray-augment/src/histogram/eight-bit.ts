import type { PixelImage, Pixels } from '../pixel-image.js';

/** Runs something that knows 256 levels of gray on each channel of any image; float32 values are rounded to the nearest level. */
export function onEightBits(
  image: PixelImage,
  change: (image: PixelImage<Uint8Array>) => Uint8Array,
): Pixels {
  const { pixels, channels } = image;
  const planes = Array.from({ length: channels }, (_, channel) => {
    const plane = new Uint8Array(pixels.length / channels);
    for (let at = 0; at < plane.length; at++) {
      const value = pixels[at * channels + channel]!;
      plane[at] = pixels instanceof Uint8Array ? value : Math.round(value * 255);
    }
    return change({ ...image, pixels: plane, channels: 1 });
  });
  if (pixels instanceof Uint8Array && channels === 1) return planes[0]!;
  const scale = pixels instanceof Uint8Array ? 1 : 1 / 255;
  return pixels.map((_, at) => planes[at % channels]![Math.floor(at / channels)]! * scale);
}

/** `[256]`, how often each level occurs. */
export function histogramOf(levels: Uint8Array): Uint32Array {
  const counts = new Uint32Array(256);
  for (let at = 0; at < levels.length; at++) counts[levels[at]!]!++;
  return counts;
}

/** As C's `rint` does. */
export function roundHalfToEven(value: number): number {
  const lower = Math.floor(value);
  const rest = value - lower;
  if (rest !== 0.5) return rest < 0.5 ? lower : lower + 1;
  return lower % 2 === 0 ? lower : lower + 1;
}
