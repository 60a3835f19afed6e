import { describe, expect, it } from 'vitest';
import references from './__fixtures__/augmentation-references.json' with { type: 'json' };
import { gaussianBlur } from './filters/gaussian-blur.js';
import { jpegArtifacts } from './filters/jpeg-artifacts.js';
import { randomSharpening } from './filters/random-sharpening.js';
import { resolutionLoss } from './filters/resolution-loss.js';
import { smooth } from './filters/smooth.js';
import { warpByField } from './geometry/elastic-deformation.js';
import type { FillMode } from './geometry/fill-mode.js';
import { randomAffine } from './geometry/random-affine.js';
import { samplingOf } from './geometry/sampler.js';
import { clahe } from './histogram/clahe.js';
import { histogramEqualization } from './histogram/histogram-equalization.js';
import { windowJitter } from './histogram/window-jitter.js';
import { randomBrightness } from './intensity/random-brightness.js';
import { randomContrast } from './intensity/random-contrast.js';
import { randomGamma } from './intensity/random-gamma.js';
import { rescaleIntensity } from './intensity/rescale-intensity.js';
import type { PixelImage, Pixels } from './pixel-image.js';

type Stored = { height: number; width: number; pixels: number[] };
const asBytes = ({ pixels, ...shape }: Stored): PixelImage<Uint8Array> => ({
  ...shape,
  pixels: Uint8Array.from(pixels),
  channels: 1,
});
const asFloats = ({ pixels, ...shape }: Stored): PixelImage<Float32Array> => ({
  ...shape,
  pixels: Float32Array.from(pixels, (level) => level / 255),
  channels: 1,
});
const { small } = references;

/** The references have five digits behind the point. */
function expectValues(found: Pixels, expected: readonly number[], tolerance = 2e-5): void {
  expect(found).toHaveLength(expected.length);
  expected.forEach((value, at) => {
    expect(Math.abs(found[at]! - value)).toBeLessThan(tolerance);
  });
}

/** On float32 to the digit, on uint8 to the level (a half between two levels may go either way). */
function expectBoth(apply: (image: PixelImage) => Pixels, expected: readonly number[]): void {
  expectValues(apply(asFloats(small)), expected);
  expectValues(
    apply(asBytes(small)),
    expected.map((value) => value * 255),
    0.503,
  );
}

describe('affine warps agree with SciPy', () => {
  it.each(references.warps.map((warp, index) => ({ ...warp, index })))(
    'warp $index: $fill, $interpolation, $parameters',
    ({ parameters, fill, interpolation, values }) => {
      const options = { fill: fill as FillMode, interpolation: interpolation as 'nearest', fillValue: 0.25 };
      expectBoth((image) => randomAffine(options).apply(image, parameters), values);
    },
  );

  it('treats every channel alike', () => {
    const { parameters, values } = references.warps.at(-1)!;
    const gray = asFloats(small);
    const pixels = Float32Array.from(
      { length: gray.pixels.length * 3 },
      (_, at) => gray.pixels[Math.floor(at / 3)]!,
    );
    const options = { fill: 'wrap', interpolation: 'bilinear' } as const;
    const warped = randomAffine(options).apply({ ...gray, pixels, channels: 3 }, parameters);
    expectValues(
      warped,
      values.flatMap((value) => [value, value, value]),
    );
  });
});

it.each(references.displacement.warped)('elastic warps agree with SciPy: $fill', ({ fill, values }) => {
  const { right, down } = references.displacement;
  const fields = [right, down].map((field) => Float32Array.from(field)) as [Float32Array, Float32Array];
  // The displacements themselves are rounded, so the result is less exact.
  expectValues(warpByField(asFloats(small), ...fields, samplingOf({ fill: fill as FillMode })), values, 1e-4);
});

it('smoothing of displacements agrees with SciPy', () => {
  const { noise, values, sigma, ...size } = references.smoothed;
  expectValues(smooth(noise, { ...size, channels: 1 }, sigma, 'constant'), values);
});

it.each(references.jpeg)('saving as JPEG agrees with libjpeg: quality $quality', ({ quality, values }) => {
  const found = jpegArtifacts({ quality: [1, 100] }).apply(asBytes(references.large), { quality });
  const differences = values.map((value, at) => Math.abs(found[at]! - value));
  // libjpeg transforms in whole numbers, so that a frequency near a half is now and then rounded the other way.
  expect(differences.reduce((sum, difference) => sum + difference, 0) / values.length).toBeLessThan(0.25);
  expect(differences.filter((difference) => difference > 1).length / values.length).toBeLessThan(0.07);
});

it.each(references.resolution)(
  'loss of resolution agrees with Pillow: factor $factor',
  ({ factor, values }) => {
    const found = resolutionLoss({ factor: [1, 3] }).apply(asBytes(references.large), { factor });
    expect(Array.from(found)).toEqual(values);
  },
);

it.each(references.blur)('blur agrees with SciPy: sigma $sigma', ({ sigma, values }) => {
  expectBoth((image) => gaussianBlur({ sigma: [sigma, sigma] }).apply(image, { sigma }), values);
});

describe('intensities agree with scikit-image and NumPy', () => {
  it('sharpening', () => {
    const { amount, sigma, values } = references.sharpened;
    expectBoth((image) => randomSharpening({ amount: [0, 1], sigma }).apply(image, { amount }), values);
  });
  it('gamma', () => {
    const { gamma, values } = references.gamma;
    expectBoth((image) => randomGamma({ gamma: [0.5, 2] }).apply(image, { gamma }), values);
  });
  it('rescaling', () => {
    const { pixels, values } = references.rescaled;
    const dim = { ...small, pixels };
    const rescaling = rescaleIntensity();
    expectValues(rescaling.apply(asFloats(dim), { rescaled: true }), values);
    const levels = values.map((value) => value * 255);
    expectValues(rescaling.apply(asBytes(dim), { rescaled: true }), levels, 0.503);
    const flat = { ...small, pixels: pixels.map(() => 70) };
    expect(Array.from(rescaling.apply(asBytes(flat), { rescaled: true }))).toEqual(flat.pixels);
  });
  it('brightness', () => {
    const { change, values } = references.brightness;
    expectBoth((image) => randomBrightness({ change: 0.5 }).apply(image, { change }), values);
  });
  it('contrast', () => {
    const { factor, values } = references.contrast;
    expectBoth((image) => randomContrast({ factor: [0.5, 2] }).apply(image, { factor }), values);
  });
  it('window', () => {
    const { low, high, values } = references.window;
    expectBoth((image) => windowJitter().apply(image, { low, high }), values);
  });
});

describe('histograms agree with OpenCV', () => {
  it.each(Object.entries(references.equalized))('equalization of %s, level for level', (name, expected) => {
    const equalization = histogramEqualization();
    const image = references[name as 'large'];
    expect(Array.from(equalization.apply(asBytes(image), { equalized: true }))).toEqual(expected);
    expectValues(
      equalization.apply(asFloats(image), { equalized: true }),
      expected.map((level) => level / 255),
      1e-6,
    );
  });

  it.each(references.clahe)(
    'CLAHE of $image, clip limit $clipLimit, $tiles tiles',
    ({ image, clipLimit, tiles, values }) => {
      const found = clahe({ tiles }).apply(asBytes(references[image as 'large']), { clipLimit });
      const differences = values
        .map((value, at) => Math.abs(found[at]! - value))
        .filter((difference) => difference > 0);
      expect(Math.max(0, ...differences)).toBeLessThanOrEqual(1); // OpenCV mixes the tables in float32
      expect(differences.length / values.length).toBeLessThan(0.02);
    },
  );
});
