import { XrayError } from 'xray-core';
import { type ChildJob, runChild } from './run-child.js';
import type { BenchContext, BenchRow } from './section.js';

type MemoryJob = Pick<ChildJob, 'network' | 'batch' | 'microBatch'> & { readonly work: 'forward' | 'step' };

const NAMES: Readonly<Record<ChildJob['network'], string>> = {
  cnn: 'reference CNN',
  head: 'InceptionV3, frozen but for the head',
  convolutions: 'InceptionV3, batch norm frozen',
  all: 'InceptionV3, all of it',
};

const JOBS: readonly MemoryJob[] = [
  { network: 'cnn', work: 'forward', batch: 8, microBatch: 8 },
  { network: 'cnn', work: 'step', batch: 8, microBatch: 8 },
  { network: 'cnn', work: 'step', batch: 32, microBatch: 32 },
  { network: 'cnn', work: 'step', batch: 32, microBatch: 8 },
  { network: 'cnn', work: 'step', batch: 256, microBatch: 8 },
  { network: 'head', work: 'forward', batch: 32, microBatch: 8 },
  { network: 'head', work: 'step', batch: 8, microBatch: 8 },
  { network: 'convolutions', work: 'step', batch: 8, microBatch: 8 },
  { network: 'all', work: 'step', batch: 8, microBatch: 8 },
  { network: 'all', work: 'step', batch: 32, microBatch: 8 },
];

/** The most memory that each work takes, in a process of its own: Node, the program, weights and batch included. */
export async function benchMemory({ imageSize, signal, say }: BenchContext): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const { network, work, batch, microBatch } of JOBS) {
    const title = work === 'forward' ? 'forward pass' : `training step, ${microBatch} at a time`;
    const row = { section: 'memory', work: title, on: NAMES[network], batch };
    say(`memory: ${row.on}, ${title}, batch ${batch}`);
    // Twice: the second one has the optimizer's state beside the gradients.
    const rounds = batch > 64 ? 0 : 1;
    const job = {
      device: 'wasm',
      works: [work],
      ...{ network, imageSize, batch, microBatch, rounds },
    } as const;
    try {
      rows.push({ ...row, peakMegabytes: (await runChild(job, signal)).peakMegabytes });
    } catch (error) {
      if (!XrayError.isInstance(error)) throw error;
      rows.push({ ...row, note: error.message });
    }
  }
  return rows;
}
