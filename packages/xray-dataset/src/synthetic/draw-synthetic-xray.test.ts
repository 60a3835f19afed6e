import { describe, expect, it } from 'vitest';
import { drawSyntheticXray } from './draw-synthetic-xray.js';

const FINDINGS = ['normal', 'bacterial', 'viral'] as const;
const size = { height: 64, width: 64 };

const mean = (values: ArrayLike<number>) =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

/** Mean of a rectangle given in shares of the image. */
function meanOf(
  image: { pixels: Uint8Array; height: number; width: number },
  x: readonly number[],
  y: readonly number[],
) {
  const values: number[] = [];
  for (let row = Math.round(y[0]! * image.height); row < y[1]! * image.height; row++) {
    for (let column = Math.round(x[0]! * image.width); column < x[1]! * image.width; column++) {
      values.push(image.pixels[row * image.width + column]!);
    }
  }
  return mean(values);
}

/** Chance that a value of `right` is larger than one of `left`. */
function auroc(left: readonly number[], right: readonly number[]): number {
  let wins = 0;
  for (const low of left) for (const high of right) wins += high > low ? 1 : high === low ? 0.5 : 0;
  return wins / (left.length * right.length);
}

describe('drawSyntheticXray', () => {
  it('draws the same image for the same seed and another one for any other', () => {
    for (const finding of FINDINGS) {
      const image = drawSyntheticXray({ finding, seed: 7, ...size });
      expect(drawSyntheticXray({ finding, seed: 7, ...size })).toEqual(image);
      expect(drawSyntheticXray({ finding, seed: 8, ...size }).pixels).not.toEqual(image.pixels);
      expect(drawSyntheticXray({ finding, seed: 7, patientSeed: 8, ...size }).pixels).not.toEqual(
        image.pixels,
      );
    }
    const images = FINDINGS.map((finding) => drawSyntheticXray({ finding, seed: 7, ...size }).pixels.join());
    expect(new Set(images).size).toBe(3);
  });

  it.each([
    [32, 32],
    [33, 47],
    [64, 200],
    [224, 224],
  ])('draws %i x %i pixels', (height, width) => {
    const image = drawSyntheticXray({ finding: 'bacterial', seed: 7, height, width });
    expect(image).toMatchObject({ height, width, channels: 1 });
    expect(image.pixels).toHaveLength(height * width);
    expect(Math.max(...image.pixels) - Math.min(...image.pixels)).toBeGreaterThan(120);
  });

  it('shows a chest: dark lungs beside a bright middle, above a bright abdomen, the heart to the right of the image', () => {
    let heart = 0;
    let mirrored = 0;
    for (let seed = 0; seed < 20; seed++) {
      const image = drawSyntheticXray({ finding: 'normal', seed, height: 96, width: 96 });
      const rightLung = meanOf(image, [0.24, 0.36], [0.4, 0.55]);
      const leftLung = meanOf(image, [0.68, 0.78], [0.35, 0.45]);
      const spine = meanOf(image, [0.47, 0.53], [0.4, 0.65]);
      const abdomen = meanOf(image, [0.3, 0.45], [0.84, 0.92]);
      expect(spine).toBeGreaterThan(rightLung + 30);
      expect(spine).toBeGreaterThan(leftLung + 30);
      expect(abdomen).toBeGreaterThan(rightLung + 30);
      heart += meanOf(image, [0.58, 0.66], [0.52, 0.64]) / 20;
      mirrored += meanOf(image, [0.34, 0.42], [0.52, 0.64]) / 20;
    }
    expect(heart).toBeGreaterThan(mirrored + 20);
  });

  it('does not give the finding away by its mean brightness', () => {
    const brightness = FINDINGS.map((finding, label) =>
      Array.from({ length: 100 }, (_, seed) =>
        mean(drawSyntheticXray({ finding, seed: seed + 1000 * label, height: 32, width: 32 }).pixels),
      ),
    );
    for (const [left, right] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      const score = auroc(brightness[left]!, brightness[right]!);
      expect(Math.max(score, 1 - score)).toBeLessThan(0.7);
    }
  });

  it('shows more of the disease with more severity, and the same normal lungs', () => {
    for (const finding of FINDINGS) {
      const [normal, mild, severe] = (['normal', finding, finding] as const).map(
        (shown, at) =>
          drawSyntheticXray({ finding: shown, seed: 4, severity: at === 2 ? 2 : 1, height: 64, width: 64 })
            .pixels,
      ) as [Uint8Array, Uint8Array, Uint8Array];
      const change = (pixels: Uint8Array) =>
        pixels.reduce((sum, value, at) => sum + Math.abs(value - normal[at]!), 0);

      if (finding === 'normal') expect(change(severe)).toBe(0);
      else expect(change(severe)).toBeGreaterThan(change(mild) * 1.4);
    }
    expect(() =>
      drawSyntheticXray({ finding: 'viral', seed: 4, severity: 0, height: 64, width: 64 }),
    ).toThrow('`severity` must be a finite factor above 0. Received: 0.');
  });

  it('adds a focal opacity for bacterial findings and a fine pattern on both sides for viral ones', () => {
    // Same patient, pose and exposure: the difference to the normal image is the disease.
    let focal = 0;
    let bilateral = 0;
    for (let seed = 0; seed < 30; seed++) {
      const [normal, bacterial, viral] = FINDINGS.map(
        (finding) => drawSyntheticXray({ finding, seed, ...size }).pixels,
      );
      const sides = (pixels: Uint8Array) => {
        const sums = [0, 0];
        pixels.forEach((value, at) => {
          const difference = Math.abs(value - normal![at]!);
          if (difference > 12) sums[at % 64 < 32 ? 0 : 1]!++;
        });
        return sums as [number, number];
      };
      const [bacterialRight, bacterialLeft] = sides(bacterial!);
      const [viralRight, viralLeft] = sides(viral!);
      if (Math.max(bacterialRight, bacterialLeft) > 3 * Math.min(bacterialRight, bacterialLeft)) focal++;
      if (viralRight < 3 * viralLeft && viralLeft < 3 * viralRight && viralRight > 10) bilateral++;
    }
    expect(focal).toBeGreaterThan(24);
    expect(bilateral).toBeGreaterThan(24);
  });

  it('refuses sizes and seeds it cannot draw', () => {
    expect(() => drawSyntheticXray({ finding: 'normal', seed: 7, height: 31, width: 64 })).toThrow(
      /`height` must be a whole number from 32 up\. Received: 31/,
    );
    expect(() => drawSyntheticXray({ finding: 'normal', seed: 0.5, ...size })).toThrow(
      /`seed` must be a safe integer/,
    );
  });
});
