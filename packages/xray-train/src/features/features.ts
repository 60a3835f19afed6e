/** What a set of features is made of. Everything that changes them is part of the key. */
export interface FeatureFacts {
  /** SHA-256 over the base's architecture and weights, the data, the samples and the variants, hexadecimal. */
  readonly key: string;
  /** Of the samples, in the order in which they are stored. */
  readonly ids: readonly string[];
  /** Of one sample's features, without the batch axis, for example `[5, 5, 2048]`. */
  readonly shape: readonly number[];
  /** How many variants of every sample there are. */
  readonly variants: number;
  /** Names the augmentation they are variants of, as `VariantAugmentation` does; `none` without one. */
  readonly variantsName: string;
  /** `[samples][classes]`, one-hot. */
  readonly labels: readonly (readonly number[])[];
}

/** One sample's features in one variant. */
export interface FeatureRow {
  readonly id: string;
  /** Counts from 0. */
  readonly variant: number;
}

/** Stored features of a frozen base. */
export interface Features extends FeatureFacts {
  /**
   * Reads rows of features and nothing else.
   *
   * @returns float32 `[rows, ...shape]`, row after row.
   */
  read(rows: readonly FeatureRow[]): Promise<Float32Array<ArrayBuffer>>;
  /** Gives files and memory back. */
  close(): Promise<void>;
}

/** Where rows are put that come in the order of `variant`, then of the samples. */
export interface FeatureWriter {
  /** float32 values of the next rows. */
  write(values: Float32Array): Promise<void>;
}

/** Where features live: files (`fileFeatures` of `xray-train/node`) or memory. */
export interface FeatureStore {
  /** The features of that key, checked; `undefined` if there are none or they are damaged and must be made again. */
  open(key: string): Promise<Features | undefined>;
  /** Stores what `fill` writes, completely or not at all. */
  create(facts: FeatureFacts, fill: (writer: FeatureWriter) => Promise<void>): Promise<Features>;
}

/** Place of a row among all rows. */
export function rowIndexer({
  ids,
  variants,
}: Pick<FeatureFacts, 'ids' | 'variants'>): (row: FeatureRow) => number {
  const places = new Map(ids.map((id, place) => [id, place]));
  return ({ id, variant }) => {
    const place = places.get(id);
    if (place === undefined || !(variant >= 0 && variant < variants)) {
      throw new RangeError(`There are no features of ${id} in variant ${variant}.`);
    }
    return variant * ids.length + place;
  };
}

/** Number of values in one row. */
export const rowSize = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);
