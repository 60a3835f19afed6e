/** Algorithms that published checksums use; MD5 finds accidents, not forgeries. */
export type HashAlgorithm = 'sha256' | 'md5';

/** A checksum of a file as its publisher gives it. */
export interface Checksum {
  readonly algorithm: HashAlgorithm;
  /** Hexadecimal, in any case. */
  readonly value: string;
}
