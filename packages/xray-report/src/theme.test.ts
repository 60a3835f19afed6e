import { describe, expect, it } from 'vitest';
import { styles } from './styles.js';
import { classColor, PALETTE } from './theme.js';

const luminance = (hex: string) => {
  const [red, green, blue] = [1, 3, 5].map((start) => {
    const channel = Number.parseInt(hex.slice(start, start + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
};

/** WCAG 2.2 contrast ratio. */
const contrast = (first: string, second: string) => {
  const [low, high] = [luminance(first), luminance(second)].sort((a, b) => a - b);
  return (high! + 0.05) / (low! + 0.05);
};

describe('PALETTE', () => {
  it('has no light colour twice, so that each maps to one dark colour', () => {
    const light = Object.values(PALETTE).map(([color]) => color);
    expect(new Set(light).size).toBe(light.length);
  });

  it.each([0, 1] as const)('keeps text readable on every ground (WCAG AA), scheme %d', (scheme) => {
    for (const ground of ['page', 'surface', 'sunken', 'caution'] as const) {
      for (const text of ['ink', 'muted'] as const) {
        expect(contrast(PALETTE[text][scheme], PALETTE[ground][scheme])).toBeGreaterThan(4.5);
      }
    }
  });

  it('gives the classes of a report different colours', () => {
    expect(new Set([0, 1, 2, 3].map(classColor)).size).toBe(4);
  });
});

describe('styles', () => {
  it('maps every chart colour in the dark scheme and fetches nothing', () => {
    for (const [name, [light]] of Object.entries(PALETTE)) {
      expect(styles()).toContain(`[fill="${light}"]{fill:var(--${name})}`);
    }
    expect(styles()).not.toMatch(/url\(|@import|@font-face|<\//);
  });
});
