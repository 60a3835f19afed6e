import { type OptionNames, refuseUnknownOptions } from 'xray-core';
import { checkRange, type Range } from '../check-options.js';
import { createAugmentation, type ImageAugmentation } from '../create-augmentation.js';
import { mapLines } from '../intensity/map-levels.js';
import { type Pixels, whiteOf } from '../pixel-image.js';

const OPTIONS: OptionNames<WindowJitterOptions> = {
  low: true,
  high: true,
  probability: true,
};

/** Options of `windowJitter`. */
export interface WindowJitterOptions {
  /** Smallest and largest percentile that becomes black. @default [0, 2] */
  low?: Range | undefined;
  /** Smallest and largest percentile that becomes white. @default [98, 100] */
  high?: Range | undefined;
  /** Share of images that are changed. @default 1 */
  probability?: number | undefined;
}

/** A draw of `windowJitter`, percentiles. */
export interface WindowParameters {
  readonly low: number;
  readonly high: number;
}

/**
 * Shows an image through another window, as if another workstation had exported it: values between two percentiles
 * are stretched to black and white, the rest is cut off. Percentiles lie between values, as NumPy's default does.
 *
 * @throws {InvalidArgumentError} If a range is not `[low, high]` in `[0, 100]`, or the two overlap.
 */
export function windowJitter(options: WindowJitterOptions = {}): ImageAugmentation<WindowParameters> {
  refuseUnknownOptions('windowJitter', options, OPTIONS);
  const { low: lowRange = [0, 2], high: highRange = [98, 100], probability } = options;
  checkRange('low', lowRange, 0, 100);
  checkRange('high', highRange, lowRange[1], 100);
  return createAugmentation<WindowParameters>({
    kind: 'window-jitter',
    probability,
    draw: (random) => ({ low: random.uniform(...lowRange), high: random.uniform(...highRange) }),
    apply(image, { low, high }) {
      const sorted = image.pixels.slice().sort();
      const black = percentile(sorted, low);
      const white = percentile(sorted, high);
      if (white <= black) return image.pixels.slice(); // a window of no width shows nothing
      const scale = 1 / (white - black);
      return mapLines({ ...image, channels: 1 }, () => ({ scale, offset: -black * scale }));
    },
  });
}

/** In `[0, 1]`. */
function percentile(sorted: Pixels, percent: number): number {
  const place = (percent / 100) * (sorted.length - 1);
  const before = Math.floor(place);
  const value = sorted[before]!;
  const next = sorted[Math.min(before + 1, sorted.length - 1)]!;
  return (value + (next - value) * (place - before)) / whiteOf(sorted);
}
