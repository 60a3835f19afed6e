import type { Evaluation, Interval } from 'xray-core';

/** Stands where a number is undefined. */
export const NOTHING = '–';

/** Between a number and its percent sign: a space that does not break. */
const THIN_SPACE = '\u202f';

/** How a number between 0 and 1 is written. */
export type NumberStyle = 'percent' | 'decimal';

/** `1349` → `1,349`. */
export function formatCount(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 0 });
}

/** `1, 'image'` → `1 image`; `1349, 'image'` → `1,349 images`. */
export function formatQuantity(value: number, noun: string): string {
  return `${formatCount(value)} ${plural(value, noun)}`;
}

/** `1, 'image'` → `image`; `2, 'image'` → `images`. */
export function plural(value: number, noun: string): string {
  return value === 1 ? noun : `${noun}s`;
}

/** `0.8189` → `81.9 %`. */
export function formatPercent(value: number | null): string {
  return value === null ? NOTHING : `${(value * 100).toFixed(1)}${THIN_SPACE}%`;
}

/** `0.96234` → `0.962`. */
export function formatDecimal(value: number | null): string {
  return value === null ? NOTHING : value.toFixed(3);
}

export function formatNumber(value: number | null, style: NumberStyle): string {
  return style === 'percent' ? formatPercent(value) : formatDecimal(value);
}

/** `[0.788, 0.848]` → `78.8–84.8 %` or `0.788–0.848`. */
export function formatInterval(interval: Interval | undefined, style: NumberStyle): string {
  if (interval === undefined) return NOTHING;
  const [low, high] = interval;
  return style === 'percent'
    ? `${(low * 100).toFixed(1)}–${(high * 100).toFixed(1)}${THIN_SPACE}%`
    : `${low.toFixed(3)}–${high.toFixed(3)}`;
}

/** Significant digits without trailing zeros, for numbers of any size: `0.00009871` → `9.871e-5`. */
export function formatAnyNumber(value: number, digits = 4): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return formatCount(value);
  const rounded = Number(value.toPrecision(digits));
  return Math.abs(rounded) < 1e-3 ? rounded.toExponential() : String(rounded);
}

/** `dataHash` → `Data hash`, `val_loss` → `Val loss`; anything that is not a plain identifier stays as it is. */
export function humanise(key: string): string {
  if (!/^[a-z][A-Za-z0-9]*(_[a-z0-9]+)*$/.test(key)) return key;
  const words = key.replace(/_/g, ' ').replace(/([a-z0-9])([A-Z])(?=[a-z])/g, (_, before, letter) => {
    return `${before} ${letter.toLowerCase()}`;
  });
  return capitalise(words);
}

/** The two sides of the two-class numbers: `bacterial or viral against normal`. */
export function twoClassView([negative, ...positive]: readonly string[]): string {
  return `${positive.join(' or ')} against ${negative}`;
}

/** How the classes of tables came about: by the one decision at the threshold. */
export function decisionSentence({ classNames, threshold }: Evaluation): string {
  const [negative, ...positive] = classNames;
  const kinds = positive.length > 1 ? ', the most probable of them' : '';
  return `Decision: ${positive.join(' or ')} from ${formatDecimal(threshold)} on${kinds}; ${negative} below.`;
}

/** First letter in upper case. */
export function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Sizes and shapes: `[222, 222, 32]` → `222×222×32`, `[86528]` → `86,528`; unknown sides are `?`. */
export function formatShape(shape: readonly (number | null)[]): string {
  const write = shape.length === 1 ? formatCount : String;
  return shape.map((side) => (side === null ? '?' : write(side))).join('×');
}
