import { availableParallelism } from 'node:os';

/** Decoding is I/O and native threads: so many at a time that no core waits for a file. */
export const DECODE_CONCURRENCY = availableParallelism() * 4;
