import { expect, it } from 'vitest';
import { createRandom } from 'xray-core';
import references from '../__fixtures__/augmentation-references.json' with { type: 'json' };
import { expectDeciles } from '../__fixtures__/deciles.js';
import { drawBeta } from './beta.js';

it.each(references.deciles.beta)('draws are distributed as SciPy says: alpha $alpha', ({ alpha, values }) => {
  const random = createRandom(5);
  const draws = Array.from({ length: 5000 }, () => drawBeta(random, alpha));
  expectDeciles(draws, values);
  expect(draws.every((draw) => draw >= 0 && draw <= 1)).toBe(true);
});

it.each([0.01, 1000])('draws are numbers at the ends of what is allowed: alpha %d', (alpha) => {
  const random = createRandom(5);
  for (let draw = 0; draw < 1000; draw++) {
    const share = drawBeta(random, alpha);
    expect(share >= 0 && share <= 1).toBe(true);
  }
});
