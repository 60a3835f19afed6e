import { type OptionNames, refuseUnknownOptions } from 'xray-core';
import { createAugmentation, type ImageAugmentation } from '../create-augmentation.js';
import { histogramOf, onEightBits, roundHalfToEven } from './eight-bit.js';

const OPTIONS: OptionNames<HistogramEqualizationOptions> = {
  probability: true,
};

/** Options of `histogramEqualization`. */
export interface HistogramEqualizationOptions {
  /** Share of images that are changed. @default 1 */
  probability?: number | undefined;
}

/**
 * Spreads the 256 levels so that all occur about equally often, each channel for itself, as OpenCV's
 * `equalizeHist` does, level for level. float32 images are rounded to 256 levels first.
 *
 * @throws {InvalidArgumentError} If `probability` is outside `[0, 1]`.
 */
export function histogramEqualization(
  options: HistogramEqualizationOptions = {},
): ImageAugmentation<{ equalized: true }> {
  refuseUnknownOptions('histogramEqualization', options, OPTIONS);
  return createAugmentation({
    kind: 'histogram-equalization',
    probability: options.probability,
    draw: () => ({ equalized: true }) as const,
    apply: (image) => onEightBits(image, ({ pixels }) => equalize(pixels)),
  });
}

function equalize(levels: Uint8Array): Uint8Array {
  const counts = histogramOf(levels);
  const lowest = counts.findIndex((count) => count > 0);
  const others = levels.length - counts[lowest]!;
  if (others === 0) return levels.slice(); // one level only
  const scale = Math.fround(255 / others); // in float32 as OpenCV does it, so that halves are rounded alike
  let sum = 0;
  const table = new Uint8Array(256);
  for (let level = lowest + 1; level < 256; level++) {
    sum += counts[level]!;
    table[level] = roundHalfToEven(Math.fround(sum * scale));
  }
  return levels.map((level) => table[level]!);
}
