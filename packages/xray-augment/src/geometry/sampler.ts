import { checkShare, checkWord } from '../check-options.js';
import { type PixelImage, type Pixels, roundingOf, whiteOf } from '../pixel-image.js';
import { FILL_MODES, type FillMode, placeInside } from './fill-mode.js';

/** How values between and outside pixels are found. */
export interface SamplingOptions {
  /** @default 'bilinear' */
  interpolation?: 'bilinear' | 'nearest' | undefined;
  /** What lies outside the image. @default 'constant' */
  fill?: FillMode | undefined;
  /** The constant, in `[0, 1]`: 0 is black. @default 0 */
  fillValue?: number | undefined;
}

/** The options with their defaults. */
export type Sampling = {
  readonly [Name in keyof SamplingOptions]-?: Exclude<SamplingOptions[Name], undefined>;
};

/** @throws {InvalidArgumentError} If a word is unknown, or `fillValue` outside `[0, 1]`. */
export function samplingOf(options: SamplingOptions): Sampling {
  const { interpolation = 'bilinear', fill = 'constant', fillValue = 0 } = options;
  checkWord('interpolation', interpolation, ['bilinear', 'nearest']);
  checkWord('fill', fill, FILL_MODES);
  checkShare('fillValue', fillValue);
  return { interpolation, fill, fillValue };
}

/** Writes the pixel found at (`x`, `y`) of the image to `output[at]` and the channels behind it. */
export type Sampler = (x: number, y: number, output: Pixels, at: number) => void;

/** A sampler that works at any place, inside and outside. */
export function createSampler(image: PixelImage, sampling: Sampling): Sampler {
  const { pixels, height, width, channels } = image;
  const { interpolation, fill, fillValue } = sampling;
  const constant = fillValue * whiteOf(pixels);
  const rounding = roundingOf(pixels);
  const offsetOf = (x: number, y: number): number => {
    const column = placeInside(x, width, fill);
    const row = placeInside(y, height, fill);
    return column < 0 || row < 0 ? -1 : (row * width + column) * channels;
  };

  function nearest(x: number, y: number, output: Pixels, at: number): void {
    const from = offsetOf(Math.floor(x + 0.5), Math.floor(y + 0.5));
    for (let channel = 0; channel < channels; channel++) {
      output[at + channel] = (from < 0 ? constant : pixels[from + channel]!) + rounding;
    }
  }

  function bilinear(x: number, y: number, output: Pixels, at: number): void {
    const [left, top] = [Math.floor(x), Math.floor(y)];
    const [right, down] = [x - left, y - top];
    const topLeft = offsetOf(left, top);
    const topRight = offsetOf(left + 1, top);
    const bottomLeft = offsetOf(left, top + 1);
    const bottomRight = offsetOf(left + 1, top + 1);
    for (let channel = 0; channel < channels; channel++) {
      const a = topLeft < 0 ? constant : pixels[topLeft + channel]!;
      const b = topRight < 0 ? constant : pixels[topRight + channel]!;
      const c = bottomLeft < 0 ? constant : pixels[bottomLeft + channel]!;
      const d = bottomRight < 0 ? constant : pixels[bottomRight + channel]!;
      const upper = a + (b - a) * right;
      output[at + channel] = upper + (c + (d - c) * right - upper) * down + rounding;
    }
  }

  return interpolation === 'nearest' ? nearest : bilinear;
}
