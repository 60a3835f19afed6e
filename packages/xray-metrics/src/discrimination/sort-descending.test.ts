import { describe, expect, it } from 'vitest';
import { createRandom } from 'xray-core';
import { sortDescending } from './sort-descending.js';

const random = createRandom(3);
const draw = (size: number, value: () => number) => Float64Array.from({ length: size }, value);

describe('sortDescending', () => {
  it.each([
    ['probabilities', draw(3000, () => random.uniform())],
    ['1 - float32', draw(3000, () => 1 - Math.fround(random.uniform()))],
    ['logits of both signs', draw(3000, () => random.normal(0, 20))],
    ['ties', draw(3000, () => random.integer(0, 7) / 7)],
    [
      'extremes',
      draw(3000, () => [Number.MAX_VALUE, -Number.MAX_VALUE, 5e-324, -5e-324, 0, 1][random.integer(0, 6)]!),
    ],
    ['one value', draw(3000, () => 0.5)],
    ['few', draw(9, () => random.normal())],
  ])('orders %s as a stable comparison sort does', (_, scores) => {
    const expected = [...scores.keys()].sort((left, right) => scores[right]! - scores[left]!);
    expect([...sortDescending(scores)]).toEqual(expected);
  });

  it('takes -0 and 0 for equal', () => {
    const zeros = draw(600, () => (random.uniform() < 0.5 ? -0 : 0));
    expect([...sortDescending(zeros)]).toEqual([...zeros.keys()]);
  });

  it('has nothing to do without scores', () => {
    expect(sortDescending([])).toHaveLength(0);
  });
});
