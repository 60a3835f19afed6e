import { describe, expect, it } from 'vitest';
import references from '../__fixtures__/augmentation-references.json' with { type: 'json' };
import { expectDeciles } from '../__fixtures__/deciles.js';
import { gaussianNoise } from './gaussian-noise.js';

const augmentation = gaussianNoise({ standardDeviation: [0.02, 0.04] });
const shape = { height: 80, width: 50, channels: 1 };

describe('gaussianNoise', () => {
  it.each([
    ['floats', new Float32Array(4000).fill(0.5), 1],
    ['bytes', new Uint8Array(4000).fill(128), 255],
  ])('is normal, of the drawn standard deviation, on %s', (_, pixels, white) => {
    const parameters = augmentation.draw('a', { seed: 2, epoch: 0 })!;
    expect(parameters.standardDeviation).toBeGreaterThanOrEqual(0.02);
    expect(parameters.standardDeviation).toBeLessThanOrEqual(0.04);
    const noisy = augmentation.apply({ ...shape, pixels }, parameters);
    // Bytes are spread over the level that they were rounded to.
    const within = (at: number) => (white === 1 ? 0 : (at % 20) / 20 - 0.475);
    const scores = Array.from(
      noisy,
      (value, at) => (value + within(at) - pixels[0]!) / white / parameters.standardDeviation,
    );
    expectDeciles(scores, references.deciles.normal);
  });

  it('is another one for every image and channel', () => {
    const pixels = new Float32Array(300).fill(0.5);
    const noiseOf = (id: string) =>
      Array.from(
        augmentation.apply(
          { height: 10, width: 10, channels: 3, pixels },
          augmentation.draw(id, { seed: 2, epoch: 0 }),
        ),
      );
    const noise = noiseOf('a');
    expect(noise).not.toEqual(noiseOf('b'));
    expect(new Set(noise.slice(0, 3)).size).toBe(3);
  });
});
