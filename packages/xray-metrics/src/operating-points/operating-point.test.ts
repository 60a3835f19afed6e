import { describe, expect, it } from 'vitest';
import { operatingPoint } from './operating-point.js';

const LABELS = [0, 0, 1, 1];
const SCORES = [0.1, 0.4, 0.35, 0.8];

describe('operatingPoint', () => {
  it('calls a score equal to the threshold positive', () => {
    expect(operatingPoint(LABELS, SCORES, 0.4)).toMatchObject({ sensitivity: 0.5, specificity: 0.5 });
    expect(operatingPoint(LABELS, SCORES, 0.41)).toMatchObject({ sensitivity: 0.5, specificity: 1, ppv: 1 });
  });

  it('has null for what nobody can know at the ends', () => {
    expect(operatingPoint(LABELS, SCORES, Infinity)).toMatchObject({
      sensitivity: 0,
      ppv: null,
      npv: 0.5,
      mcc: 0,
    });
    expect(operatingPoint(LABELS, SCORES, -Infinity)).toMatchObject({ sensitivity: 1, ppv: 0.5, npv: null });
    expect(operatingPoint([1, 1], [0.2, 0.9], 0.5)).toMatchObject({
      sensitivity: 0.5,
      specificity: null,
      balancedAccuracy: null,
    });
  });

  it('trades specificity for sensitivity as the threshold falls', () => {
    const points = [0.9, 0.6, 0.38, 0.2, 0].map((threshold) => operatingPoint(LABELS, SCORES, threshold));
    expect(points.map((point) => point.sensitivity)).toEqual([0, 0.5, 0.5, 1, 1]);
    expect(points.map((point) => point.specificity)).toEqual([1, 1, 0.5, 0.5, 0]);
  });

  it('refuses what is not a number', () => {
    expect(() => operatingPoint(LABELS, SCORES, NaN)).toThrow('`threshold` must be a number. Received: NaN.');
    expect(() => operatingPoint(LABELS, [0.1, 0.4, NaN, 0.8], 0.5)).toThrow(
      '`scores[2]` must be a finite number. Received: NaN. Training has probably diverged; lower the learning rate.',
    );
    expect(() => operatingPoint([0, 2], [0.1, 0.2], 0.5)).toThrow(/`labels\[1\]` must be 0.*twoClassLabels/);
  });
});
