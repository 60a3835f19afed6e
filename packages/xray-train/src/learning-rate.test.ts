import { describe, expect, it } from 'vitest';
import references from './__fixtures__/pytorch-references.json' with { type: 'json' };
import { constantLearningRate, cosineDecay, legacyKerasDecay, oneCycle } from './learning-rate.js';

describe('learning-rate schedules', () => {
  it("decays as Keras' legacy optimizers do", () => {
    const rate = legacyKerasDecay(1e-4, 1e-5);
    expect(rate(0)).toBe(1e-4);
    expect(rate(131)).toBeCloseTo(1e-4 / 1.00131, 15);
    expect(rate(100_000)).toBeCloseTo(5e-5, 15);
  });

  it('warms up linearly and follows half a cosine to its end', () => {
    const rate = cosineDecay({ rate: 1, steps: 110, warmUpSteps: 10, finalRate: 0.1 });
    expect([rate(0), rate(4), rate(9)]).toEqual([0.1, 0.5, 1]);
    expect(rate(10)).toBe(1);
    expect(rate(60)).toBeCloseTo(0.55, 12);
    expect(rate(110)).toBeCloseTo(0.1, 12);
    expect(rate(5000)).toBeCloseTo(0.1, 12);
  });

  it.each(references.oneCycle)(
    "follows PyTorch's one cycle of $steps steps",
    ({ steps, pct_start, div_factor, final_div_factor, rates }) => {
      const rate = oneCycle({
        rate: 2e-3,
        steps,
        warmUpShare: pct_start,
        startDivisor: div_factor,
        finalDivisor: final_div_factor,
      });
      rates.forEach((expected, step) => {
        expect(Math.abs(rate(step) / expected - 1)).toBeLessThan(1e-9);
      });
      expect(rate(steps + 100)).toBe(rate(steps - 1));
    },
  );

  it('stays the same where asked', () => {
    expect([constantLearningRate(0.3)(0), constantLearningRate(0.3)(1e6)]).toEqual([0.3, 0.3]);
  });

  it('refuses rates and lengths that make no sense', () => {
    expect(() => constantLearningRate(0)).toThrow('`rate` must be a positive number, usually 1e-5 to 1e-2.');
    expect(() => legacyKerasDecay(1e-4, -1)).toThrow('`decay` must be at least 0. Received: -1.');
    expect(() => cosineDecay({ rate: 1, steps: 5, warmUpSteps: 5 })).toThrow('larger than `warmUpSteps`');
    expect(() => oneCycle({ rate: 1, steps: 3, warmUpShare: 0.3 })).toThrow('more than one step of warm-up');
    expect(() => oneCycle({ rate: 1, steps: 30, startDivisor: 0.5 })).toThrow('`startDivisor` must be');
    expect(() => cosineDecay({ rate: 1, steps: 5, finalRate: -0.1 })).toThrow(
      '`finalRate` must be at least 0. Received: -0.1.',
    );
  });
});
