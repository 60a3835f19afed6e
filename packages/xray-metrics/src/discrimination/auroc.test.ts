import { describe, expect, it } from 'vitest';
import { createRandom } from 'xray-core';
import { auroc } from './auroc.js';

/** The definition, pair by pair. */
function shareOfOrderedPairs(labels: readonly number[], scores: readonly number[]): number {
  const positives = scores.filter((_, image) => labels[image] === 1);
  const negatives = scores.filter((_, image) => labels[image] === 0);
  let sum = 0;
  for (const high of positives) for (const low of negatives) sum += high > low ? 1 : high === low ? 0.5 : 0;
  return sum / (positives.length * negatives.length);
}

/** Both classes present, scores with ties, in eighths so that no map rounds two of them together. */
function draw(seed: number): { labels: number[]; scores: number[] } {
  const random = createRandom(seed);
  const labels = [0, 1, ...Array.from({ length: random.integer(0, 60) }, () => random.integer(0, 2))];
  return { labels, scores: labels.map((label) => random.integer(0, 12) / 8 + label / 4) };
}

const DRAWS = Array.from({ length: 30 }, (_, seed) => draw(seed));

describe('auroc', () => {
  it.each([
    { name: 'separates perfectly', labels: [0, 0, 1, 1], scores: [0.1, 0.2, 0.8, 0.9], expected: 1 },
    { name: 'ranks backwards', labels: [1, 1, 0, 0], scores: [0.1, 0.2, 0.8, 0.9], expected: 0 },
    { name: 'counts a tie as half', labels: [0, 1], scores: [0.5, 0.5], expected: 0.5 },
    // 4 pairs, 3 of them in the right order
    {
      name: 'scikit-learn docs example',
      labels: [0, 0, 1, 1],
      scores: [0.1, 0.4, 0.35, 0.8],
      expected: 0.75,
    },
  ])('$name', ({ labels, scores, expected }) => {
    expect(auroc(labels, scores)).toBe(expected);
  });

  it('is the share of ordered pairs', () => {
    for (const { labels, scores } of DRAWS) {
      expect(auroc(labels, scores)).toBeCloseTo(shareOfOrderedPairs(labels, scores), 13);
    }
  });

  it('does not change under monotone maps', () => {
    for (const { labels, scores } of DRAWS) {
      expect(
        auroc(
          labels,
          scores.map((score) => 1 / (1 + Math.exp(-score))),
        ),
      ).toBe(auroc(labels, scores));
      expect(
        auroc(
          labels,
          scores.map((score) => score ** 3 * 1000 - 7),
        ),
      ).toBe(auroc(labels, scores));
    }
  });

  it('turns into 1 - auroc when the labels are exchanged', () => {
    for (const { labels, scores } of DRAWS) {
      const exchanged = labels.map((label) => 1 - label);
      expect(auroc(exchanged, scores)).toBeCloseTo(1 - auroc(labels, scores)!, 13);
    }
  });

  it('does not depend on the order of the images', () => {
    for (const [seed, { labels, scores }] of DRAWS.entries()) {
      const order = createRandom(seed).shuffle([...labels.keys()]);
      const shuffledLabels = order.map((image) => labels[image]!);
      const shuffledScores = order.map((image) => scores[image]!);
      expect(auroc(shuffledLabels, shuffledScores)).toBe(auroc(labels, scores));
    }
  });

  it('is null with one class', () => {
    expect(auroc([1, 1], [0.2, 0.9])).toBeNull();
    expect(auroc([0], [0.2])).toBeNull();
  });

  it('points at the first bad value', () => {
    expect(() => auroc([0, 1], [0.2, NaN])).toThrow(/`scores\[1\]`.*learning rate/);
    expect(() => auroc([0, 1], [-Infinity, 0.2])).toThrow(/`scores\[0\]` must be a finite number/);
    expect(() => auroc([0, 1, 1], [0.2, 0.3])).toThrow(/`scores` must be 3 values/);
    expect(() => auroc([0, 3], [0.2, 0.3])).toThrow(/`labels\[1\]` must be 0 \(negative\) or 1 \(positive\)/);
  });
});
