import { expect, it } from 'vitest';
import { type AblationRun, formatAblation } from './ablation-table.js';

const run = (
  variant: string,
  seed: number,
  pooledAuroc: number | null,
  specificity: number,
): AblationRun => ({
  ...{ variant, seed, seconds: 1, images: 10, pooledAuroc },
  unchanged: { auroc: 0.99, sensitivity: 1, specificity: 1 },
  mean: { auroc: 0.98, sensitivity: 0.9, specificity },
  worst: { auroc: 0.97, sensitivity: 0.8, specificity: specificity - 0.1 },
});

it('puts the best under shifts first, with spread over seeds', () => {
  const table = formatAblation([
    run('plain', 1, 0.9, 0.5),
    run('good', 1, 0.96, 0.8),
    run('good', 2, 0.98, 0.9),
  ]);
  expect(table.split('\n').slice(2)).toEqual([
    '| good | 0.990 ± 0.000 | 0.970 ± 0.014 | 0.900 ± 0.000 | 0.850 ± 0.071 | 0.750 ± 0.071 |',
    '| plain | 0.990 ± 0.000 | 0.900 ± 0.000 | 0.900 ± 0.000 | 0.500 ± 0.000 | 0.400 ± 0.000 |',
  ]);
});
