import { describe, expect, it } from 'vitest';
import type { ImageAugmentation } from './create-augmentation.js';
import { chestXray, referenceStudy, robust, strong } from './presets.js';

const COUNT = 2000;

/** Draws of a preset: by stage and parameter the numbers, and the shares of images that each stage changes. */
function drawsOf(preset: ImageAugmentation<readonly { kind: string; parameters: unknown }[]>) {
  const numbers: Record<string, number[]> = {};
  const shares: Record<string, number> = {};
  for (let image = 0; image < COUNT; image++) {
    for (const { kind, parameters } of preset.draw(`image-${image}`, { seed: 1, epoch: 0 }) ?? []) {
      if (parameters === null) continue;
      shares[kind] = (shares[kind] ?? 0) + 1 / COUNT;
      for (const [name, value] of Object.entries(parameters as object)) {
        const key = `${kind}.${name}`;
        numbers[key] ??= [];
        numbers[key].push(Number(value));
      }
    }
  }
  return { numbers, shares };
}

/** The draws fill the range that the source names, and do not leave it. */
function expectRange(draws: readonly number[], low: number, high: number): void {
  const [least, most] = [Math.min(...draws), Math.max(...draws)];
  const slack = (high - low) * 0.01;
  expect(least).toBeGreaterThanOrEqual(low);
  expect(least).toBeLessThan(low + slack);
  expect(most).toBeLessThanOrEqual(high);
  expect(most).toBeGreaterThan(high - slack);
}

const expectShare = (share: number, expected: number) =>
  expect(Math.abs(share - expected)).toBeLessThan(4 * Math.sqrt(0.25 / COUNT));

describe('presets draw what their sources say', () => {
  it('referenceStudy: half of the images mirrored', () => {
    const ids = Array.from({ length: COUNT }, (_, image) => `image-${image}`);
    const flipped = ids.filter((id) => referenceStudy().draw(id, { seed: 1, epoch: 0 })?.flipped);
    expectShare(flipped.length / COUNT, 0.5);
  });

  it('chestXray: COVID-Net', () => {
    const { numbers, shares } = drawsOf(chestXray());
    expect(shares['random-affine']).toBeCloseTo(1, 9);
    expect(shares['random-brightness']).toBeCloseTo(1, 9);
    expectRange(numbers['random-affine.rotation']!, -10, 10);
    expectRange(numbers['random-affine.translationX']!, -0.1, 0.1);
    expectRange(numbers['random-affine.translationY']!, -0.1, 0.1);
    expectRange(numbers['random-affine.zoom']!, 0.85, 1.15);
    expectRange(numbers['random-brightness.change']!, -0.1, 0.1);
    expect(new Set(numbers['random-affine.flipped'])).toEqual(new Set([0]));
  });

  it('strong: TorchXRayVision, MoCo v2, Random Erasing', () => {
    const { numbers, shares } = drawsOf(strong());
    expectRange(numbers['random-affine.rotation']!, -45, 45);
    expectRange(numbers['random-affine.translationX']!, -0.15, 0.15);
    expectRange(numbers['random-affine.zoom']!, 0.85, 1.15);
    expectRange(numbers['random-contrast.factor']!, 0.6, 1.4);
    expectRange(numbers['gaussian-blur.sigma']!, 0.1, 2);
    const heights = numbers['random-erasing.height']!;
    const areas = heights.map((height, draw) => height * numbers['random-erasing.width']![draw]!);
    expectRange(areas, 0.02, 0.4);
    expectShare(shares['random-contrast']!, 0.8);
    expectShare(shares['gaussian-blur']!, 0.5);
    expectShare(shares['random-erasing']!, 0.5);
    expect(new Set(numbers['random-affine.flipped'])).toEqual(new Set([0]));
  });

  it('robust: the numbers of its docstring, and stages that can be left out', () => {
    const { numbers, shares } = drawsOf(robust());
    expectRange(numbers['random-affine.rotation']!, -15, 15);
    expectRange(numbers['random-affine.translationX']!, -0.075, 0.075);
    expectRange(numbers['random-affine.zoom']!, 0.9, 1.2);
    for (const axis of ['stretchX', 'stretchY']) expectRange(numbers[`random-affine.${axis}`]!, 0.85, 1.18);
    expectRange(numbers['random-gamma.gamma']!, 0.6065, 1.6488);
    expectRange(numbers['random-contrast.factor']!, 0.7, 1.3);
    expectRange(numbers['random-brightness.change']!, -0.15, 0.15);
    expectRange(numbers['gaussian-blur.sigma']!, 0.1, 1);
    expectRange(numbers['random-sharpening.amount']!, 0, 1.5);
    expectRange(numbers['gaussian-noise.standardDeviation']!, 0, 0.03);
    expectShare(shares['gaussian-blur']!, 0.3);
    expectShare(shares['random-sharpening']!, 0.3);
    expect(new Set(numbers['random-affine.flipped'])).toEqual(new Set([0]));

    const fewer = drawsOf(robust({ except: ['random-gamma', 'gaussian-noise'] })).shares;
    expect(Object.keys(shares).filter((kind) => !(kind in fewer))).toEqual([
      'random-gamma',
      'gaussian-noise',
    ]);
    expect(() => robust({ except: ['gamma'] })).toThrow('`except[0]` must be');
  });
});
