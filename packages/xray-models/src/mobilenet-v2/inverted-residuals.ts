/** One block of MobileNetV2. */
export interface InvertedResidual {
  /** In front of the names of its layers. */
  readonly prefix: string;
  /** Channels it gives, before the network's width is applied. */
  readonly filters: number;
  readonly stride: 1 | 2;
  /** By how much the channels are multiplied inside; 1 means no expansion. */
  readonly expansion: 1 | 6;
}

/** Table 2 of the paper: expansion, filters, repeats, stride of the first. */
const STAGES = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

/**
 * The 17 blocks between the first and the last convolution.
 *
 * @see Sandler et al. 2018, https://arxiv.org/abs/1801.04381, table 2
 */
export const INVERTED_RESIDUALS: readonly InvertedResidual[] = STAGES.flatMap(
  ([expansion, filters, repeats, firstStride]) =>
    Array.from({ length: repeats }, (_, repeat) => ({
      expansion,
      filters,
      stride: repeat === 0 ? firstStride : (1 as const),
    })),
).map((block, index) => ({ ...block, prefix: index === 0 ? 'expanded_conv_' : `block_${index}_` }));

/** Channels at a width, in multiples of 8 and no more than a tenth below. */
export function channelsOf(filters: number, alpha: number): number {
  const exact = filters * alpha;
  const rounded = Math.max(8, Math.floor((exact + 4) / 8) * 8);
  return rounded < 0.9 * exact ? rounded + 8 : rounded;
}
