import { type Contestant, type Spread, timeInTurns } from './time-in-turns.js';

/** What every section of the benchmark is given. */
export interface BenchContext {
  /** Timed rounds. Slow contestants take part in fewer. */
  readonly rounds: number;
  /** Height and width in pixels. */
  readonly imageSize: number;
  /** Most workers to try. */
  readonly workers: number;
  /** Billions of operations per second that one core's 128-bit SIMD can do. */
  readonly simdPeak: number;
  /** Python that can import PyTorch or Keras; undefined to leave them out. */
  readonly python: string | undefined;
  /** Folders of images for the decoding section; undefined for synthetic ones. */
  readonly data: readonly string[] | undefined;
  readonly signal: AbortSignal;
  say(text: string): void;
}

/** Something to time, and how to count it. */
export interface Entry extends Contestant {
  readonly work: string;
  readonly on: string;
  /** Images per run. */
  readonly images: number;
  /** Billions of operations per image, of direct convolutions. */
  readonly gigaOperations?: number;
  /** Billions of operations of an image of the section, where this entry computes smaller ones: images/s are scaled. */
  readonly scaledTo?: number;
}

/** What was measured. Only what makes sense for a row is there. */
export interface BenchRow {
  readonly section: string;
  readonly work: string;
  readonly on: string;
  readonly batch?: number;
  /** Milliseconds of a run. */
  readonly milliseconds?: Spread;
  readonly imagesPerSecond?: Spread;
  /** Median, of direct convolutions whatever the kernels do. */
  readonly gigaflops?: number;
  /** Of one core. */
  readonly shareOfSimdPeak?: number;
  /** Times the speed of the section's first row: operations per second, or images where nothing counts them. */
  readonly againstFirst?: number;
  /** Times the operations per second of wasm at the same work. */
  readonly againstWasm?: number;
  /** Of the time that a training step takes for the same images. */
  readonly shareOfStep?: number;
  /** Largest resident set of a process of its own. */
  readonly peakMegabytes?: number;
  /** Why there is no number. */
  readonly note?: string;
}

/** Times the entries of a section in turns; the first one is what all are compared with. */
export async function timeEntries(
  section: string,
  entries: readonly Entry[],
  { rounds, simdPeak, signal }: Pick<BenchContext, 'rounds' | 'simdPeak' | 'signal'>,
): Promise<BenchRow[]> {
  const spreads = await timeInTurns(entries, rounds, signal);
  const speedOf = ({ images, gigaOperations = 1 }: Entry, { median }: Spread) =>
    (images * gigaOperations * 1000) / median;
  const first = speedOf(entries[0]!, spreads[0]!);
  return entries.map((entry, index) => {
    const { work, on, images, gigaOperations, scaledTo } = entry;
    const milliseconds = spreads[index]!;
    const scale = gigaOperations && scaledTo ? gigaOperations / scaledTo : 1;
    const perSecond = (time: number) => (images * scale * 1000) / time;
    const speed = speedOf(entry, milliseconds);
    return {
      ...{ section, work, on, batch: images, milliseconds },
      imagesPerSecond: {
        fastest: perSecond(milliseconds.fastest),
        median: perSecond(milliseconds.median),
        slowest: perSecond(milliseconds.slowest),
      },
      ...(gigaOperations ? { gigaflops: speed, shareOfSimdPeak: speed / simdPeak } : {}),
      againstFirst: speed / first,
    };
  });
}
