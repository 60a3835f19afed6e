import type { Interval } from 'xray-core';

/** Two models on the same images, and how sure their difference is. */
export interface PairedTest {
  /** The number of the first model. */
  readonly first: number;
  /** The number of the second model. */
  readonly second: number;
  /** `first - second`. */
  readonly difference: number;
  /**
   * Two-sided, in `[0, 1]`: how likely a difference at least as large would be if the models were equally good; `null`
   * where the data do not tell.
   */
  readonly pValue: number | null;
}

/** The same with an interval of the difference. */
export interface PairedDifference extends PairedTest {
  /** Of `difference`; `null` where the data do not tell. */
  readonly interval: Interval | null;
}
