/** Filters, kernel height and width, and the stride: with 2 the padding is valid, with 1 it is same. */
export type Convolution =
  | readonly [filters: number, height: number, width: number]
  | readonly [filters: number, height: number, width: number, stride: 2];

/** What happens to a block's input on one of its ways to the block's output. */
export interface Branch {
  /** 3x3, before the convolutions: `average` with stride 1 and same padding, `max` with stride 2 and valid padding. */
  readonly pool?: 'average' | 'max' | undefined;
  readonly convolutions: readonly Convolution[];
  /** Convolutions side by side at the branch's end; their outputs are concatenated. */
  readonly fork?: readonly Convolution[] | undefined;
}

/** One mixed block: its branches are concatenated. */
export interface InceptionBlock {
  readonly name: string;
  readonly branches: readonly Branch[];
}

const branch = (...convolutions: Convolution[]): Branch => ({ convolutions });
const averagePooled = (filters: number): Branch => ({ pool: 'average', convolutions: [[filters, 1, 1]] });
const MAX_POOLED: Branch = { pool: 'max', convolutions: [] };

/** Figure 5 of the paper: 5x5 convolutions as two of 3x3. */
const blockA = (name: string, poolFilters: number): InceptionBlock => ({
  name,
  branches: [
    branch([64, 1, 1]),
    branch([48, 1, 1], [64, 5, 5]),
    branch([64, 1, 1], [96, 3, 3], [96, 3, 3]),
    averagePooled(poolFilters),
  ],
});

/** Figure 6: 7x7 convolutions as 1x7 after 7x1. */
const blockB = (name: string, filters: number): InceptionBlock => ({
  name,
  branches: [
    branch([192, 1, 1]),
    branch([filters, 1, 1], [filters, 1, 7], [192, 7, 1]),
    branch([filters, 1, 1], [filters, 7, 1], [filters, 1, 7], [filters, 7, 1], [192, 1, 7]),
    averagePooled(192),
  ],
});

/** Figure 7: 1x3 beside 3x1. */
const blockC = (name: string): InceptionBlock => ({
  name,
  branches: [
    branch([320, 1, 1]),
    {
      convolutions: [[384, 1, 1]],
      fork: [
        [384, 1, 3],
        [384, 3, 1],
      ],
    },
    {
      convolutions: [
        [448, 1, 1],
        [384, 3, 3],
      ],
      fork: [
        [384, 1, 3],
        [384, 3, 1],
      ],
    },
    averagePooled(192),
  ],
});

/**
 * The eleven blocks behind the stem, in the order in which Keras makes their layers, which numbers them.
 *
 * @see Szegedy et al. 2015, https://arxiv.org/abs/1512.00567, table 1 and figures 5 to 7
 */
export const INCEPTION_BLOCKS: readonly InceptionBlock[] = [
  blockA('mixed0', 32),
  blockA('mixed1', 64),
  blockA('mixed2', 64),
  {
    name: 'mixed3',
    branches: [branch([384, 3, 3, 2]), branch([64, 1, 1], [96, 3, 3], [96, 3, 3, 2]), MAX_POOLED],
  },
  blockB('mixed4', 128),
  blockB('mixed5', 160),
  blockB('mixed6', 160),
  blockB('mixed7', 192),
  {
    name: 'mixed8',
    branches: [
      branch([192, 1, 1], [320, 3, 3, 2]),
      branch([192, 1, 1], [192, 1, 7], [192, 7, 1], [192, 3, 3, 2]),
      MAX_POOLED,
    ],
  },
  blockC('mixed9'),
  blockC('mixed10'),
];
