import type { ImageShape } from '../image-shape.js';

/** Options of `createCnn`. Every field has a default, so `createCnn()` works. */
export interface CnnOptions {
  /**
   * Number of classes, at least 2; the model gives one probability for each.
   *
   * @default 2
   */
  classes?: number | undefined;

  /**
   * Shape of one image of a batch. X-rays are gray, so batches hold one channel by default.
   *
   * @default [224, 224, 1]
   */
  imageShape?: ImageShape | undefined;

  /**
   * Channels the first convolution sees. With 3, a gray image is repeated three times inside the graph, as the
   * reference study does; 1 is a genuinely gray network (576 weights fewer with the default filters).
   *
   * @default 3
   */
  channels?: 1 | 3 | undefined;

  /**
   * Filters of each block; the length sets the depth. Every block halves height and width.
   *
   * @default [32, 64, 128]
   */
  filters?: readonly number[] | undefined;

  /**
   * Share of features dropped before the last layer while training, in `[0, 1)`.
   *
   * @default 0.2
   */
  dropoutRate?: number | undefined;

  /**
   * Seed of the initial weights and of the dropout masks.
   *
   * @default 0
   */
  seed?: number | undefined;
}
