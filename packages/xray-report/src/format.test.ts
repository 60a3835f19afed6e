import { describe, expect, it } from 'vitest';
import {
  formatAnyNumber,
  formatCount,
  formatDecimal,
  formatInterval,
  formatPercent,
  formatQuantity,
  formatShape,
  humanise,
  twoClassView,
} from './format.js';

describe('numbers', () => {
  it('writes counts, shares and intervals', () => {
    expect(formatCount(34_943_523)).toBe('34,943,523');
    expect(formatQuantity(1, 'image')).toBe('1 image');
    expect(formatQuantity(5856, 'image')).toBe('5,856 images');
    expect(formatPercent(511 / 624)).toBe('81.9\u202f%');
    expect(formatDecimal(0.96234)).toBe('0.962');
    expect(formatInterval([0.788, 0.848], 'percent')).toBe('78.8–84.8\u202f%');
    expect(formatInterval([0.788, 0.848], 'decimal')).toBe('0.788–0.848');
  });

  it('writes a dash where there is no number', () => {
    expect([formatPercent(null), formatDecimal(null), formatInterval(undefined, 'percent')]).toEqual([
      '–',
      '–',
      '–',
    ]);
  });

  it.each([
    [0, '0'],
    [131, '131'],
    [0.0001, '1e-4'],
    [0.00009871234, '9.871e-5'],
    [0.5704321, '0.5704'],
    [-0.25, '-0.25'],
    [123456.789, '123500'],
  ])('writes %d with four digits', (value, expected) => {
    expect(formatAnyNumber(value)).toBe(expected);
  });
});

describe('words', () => {
  it.each([
    ['dataHash', 'Data hash'],
    ['val_loss', 'Val loss'],
    ['seed', 'Seed'],
    ['testAUROC', 'TestAUROC'],
    ['@tensorflow/tfjs-core', '@tensorflow/tfjs-core'],
    ['<script>', '<script>'],
  ])('turns the key %s into %s', (key, expected) => {
    expect(humanise(key)).toBe(expected);
  });

  it('writes shapes', () => {
    expect(formatShape([222, 222, 32])).toBe('222×222×32');
    expect(formatShape([null, 1024, 3])).toBe('?×1024×3');
    expect(formatShape([86_528])).toBe('86,528');
  });

  it('names the two sides of the two-class view', () => {
    expect(twoClassView(['normal', 'bacterial', 'viral'])).toBe('bacterial or viral against normal');
  });
});
