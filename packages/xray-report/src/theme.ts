/**
 * Every colour of the report as `[light, dark]`. Charts are drawn with the light ones; the style sheet maps them
 * to the dark ones where the reader prefers dark, so no light value may occur twice.
 *
 * The data colours are those of Okabe and Ito, which stay apart for colour-blind readers; the dark ones are
 * the same hues, lighter.
 *
 * @see Okabe & Ito 2008, Color Universal Design, https://jfly.uni-koeln.de/color/
 */
export const PALETTE = {
  page: ['#f4f6f8', '#0e1319'],
  surface: ['#ffffff', '#161d25'],
  sunken: ['#f8f9fb', '#1b232c'],
  ink: ['#18222e', '#e6ebf1'],
  muted: ['#586474', '#9ca8b7'],
  rule: ['#dce1e7', '#2d3744'],
  caution: ['#fdf6e7', '#2a2416'],
  blue: ['#0072b2', '#4ba9e3'],
  vermillion: ['#d55e00', '#f0893b'],
  green: ['#009e73', '#2ec49a'],
  purple: ['#cc79a7', '#dd97bf'],
  orange: ['#e69f00', '#f2b53a'],
  sky: ['#56b4e9', '#86ccf4'],
  gray: ['#8590a0', '#7d899a'],
} as const satisfies Record<string, readonly [light: string, dark: string]>;

/** Name of a colour in `PALETTE`; also a CSS variable, `--blue`. */
export type ColorName = keyof typeof PALETTE;

/** The light value, for charts. */
export function lightColor(name: ColorName): string {
  return PALETTE[name][0];
}

const CLASS_COLORS: readonly ColorName[] = ['blue', 'orange', 'vermillion', 'green', 'purple', 'sky', 'gray'];

/** Colour of a class by its place in the class list; the negative class is blue. */
export function classColor(label: number): ColorName {
  return CLASS_COLORS[label % CLASS_COLORS.length]!;
}
