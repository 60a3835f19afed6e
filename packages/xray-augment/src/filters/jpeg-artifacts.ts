import { type OptionNames, refuseUnknownOptions } from 'xray-core';
import { checkNumber, type Range } from '../check-options.js';
import { createAugmentation, type ImageAugmentation } from '../create-augmentation.js';
import { onEightBits } from '../histogram/eight-bit.js';
import type { PixelImage } from '../pixel-image.js';

const OPTIONS: OptionNames<JpegArtifactsOptions> = {
  quality: true,
  probability: true,
};

/** Options of `jpegArtifacts`. */
export interface JpegArtifactsOptions {
  /** Lowest and highest quality, from 1 to 100, as libjpeg counts it. */
  quality: Range;
  /** Share of images that are changed. @default 1 */
  probability?: number | undefined;
}

const SIZE = 8;

/** Table K.1 of the JPEG standard (ITU-T T.81), row by row. */
// biome-ignore format: a matrix
const LUMINANCE = [
  16, 11, 10, 16, 24, 40, 51, 61,
  12, 12, 14, 19, 26, 58, 60, 55,
  14, 13, 16, 24, 40, 57, 69, 56,
  14, 17, 22, 29, 51, 87, 80, 62,
  18, 22, 37, 56, 68, 109, 103, 77,
  24, 35, 55, 64, 81, 104, 113, 92,
  49, 64, 78, 87, 103, 121, 120, 101,
  72, 92, 95, 98, 112, 100, 103, 99,
];

/** `[frequency * 8 + place]`, the orthonormal cosine transform. */
const COSINES = Float64Array.from({ length: SIZE * SIZE }, (_, at) => {
  const [frequency, place] = [Math.floor(at / SIZE), at % SIZE];
  const scale = Math.sqrt((frequency === 0 ? 1 : 2) / SIZE);
  return scale * Math.cos(((2 * place + 1) * frequency * Math.PI) / (2 * SIZE));
});

/**
 * Changes an image as saving it as a gray JPEG file does, each channel for itself: cosine transforms of blocks of 8x8 pixels,
 * rounded by libjpeg's table for the quality. Within one level of what libjpeg gives on more than nine of ten
 * pixels, and a quarter of a level on average.
 *
 * @throws {InvalidArgumentError} If `quality` is not `[low, high]` in `[1, 100]`, or the probability outside `[0, 1]`.
 *
 * @see ITU-T T.81 (1992), annexes A.3 and K.1
 */
export function jpegArtifacts(options: JpegArtifactsOptions): ImageAugmentation<{ quality: number }> {
  refuseUnknownOptions('jpegArtifacts', options, OPTIONS);
  const { quality: range, probability } = options;
  checkNumber('quality[0]', range[0], 1, 100);
  checkNumber('quality[1]', range[1], range[0], 100);
  return createAugmentation({
    kind: 'jpeg-artifacts',
    probability,
    draw: (random) => ({ quality: Math.round(random.uniform(...range)) }),
    apply: (image, { quality }) => onEightBits(image, (plane) => throughJpeg(plane, quality)),
  });
}

function throughJpeg({ pixels, height, width }: PixelImage<Uint8Array>, quality: number): Uint8Array {
  const steps = stepsOf(quality);
  const output = new Uint8Array(pixels.length);
  const block = new Float64Array(SIZE * SIZE);
  for (let top = 0; top < height; top += SIZE) {
    for (let left = 0; left < width; left += SIZE) {
      for (let at = 0; at < block.length; at++) {
        // Beyond the border an encoder repeats the last pixel.
        const y = Math.min(top + (at >> 3), height - 1);
        const x = Math.min(left + (at & 7), width - 1);
        block[at] = pixels[y * width + x]! - 128;
      }
      transform(block, false);
      for (let at = 0; at < block.length; at++) {
        const [value, step] = [block[at]!, steps[at]!];
        block[at] = Math.sign(value) * Math.floor(Math.abs(value) / step + 0.5) * step; // halves away from 0, as libjpeg
      }
      transform(block, true);
      const [bottom, right] = [Math.min(top + SIZE, height), Math.min(left + SIZE, width)];
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) {
          const value = Math.round(block[(y - top) * SIZE + x - left]! + 128);
          output[y * width + x] = Math.min(255, Math.max(0, value));
        }
      }
    }
  }
  return output;
}

/** `[64]`, as libjpeg scales the table. */
function stepsOf(quality: number): number[] {
  const scale = quality < 50 ? Math.floor(5000 / quality) : 200 - 2 * quality;
  return LUMINANCE.map((step) => Math.min(255, Math.max(1, Math.floor((step * scale + 50) / 100))));
}

/** The cosine transform of rows and columns, or its inverse, in place. */
function transform(block: Float64Array, inverse: boolean): void {
  const line = new Float64Array(SIZE);
  for (const [stride, next] of [
    [1, SIZE],
    [SIZE, 1],
  ] as const) {
    for (let start = 0, count = 0; count < SIZE; count++, start += next) {
      for (let to = 0; to < SIZE; to++) {
        let sum = 0;
        for (let from = 0; from < SIZE; from++) {
          sum += COSINES[inverse ? from * SIZE + to : to * SIZE + from]! * block[start + from * stride]!;
        }
        line[to] = sum;
      }
      for (let at = 0; at < SIZE; at++) block[start + at * stride] = line[at]!;
    }
  }
}
