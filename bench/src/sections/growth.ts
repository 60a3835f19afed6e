import { createCnn } from 'xray-models';
import { fuse } from 'xray-wasm';
import { type BenchContext, type BenchRow, type Entry, timeEntries } from './section.js';
import { createWorkload } from './workload.js';

const BATCHES = [8, 1, 2, 4, 16, 32, 64];
const SIZES = [64, 128, 299, 448];

/** How the speed of a fused training step of the reference CNN depends on batch and image size. */
export async function benchGrowth(context: BenchContext): Promise<BenchRow[]> {
  const workloads = [context.imageSize, ...SIZES].map((size) => ({
    size,
    workload: createWorkload(createCnn({ imageShape: [size, size, 3] })),
  }));
  const entries = workloads.flatMap(({ size, workload }): Entry[] => {
    const forward = fuse(workload.model);
    const gigaOperations = workload.gigaOperations().step;
    const batches = size === context.imageSize ? BATCHES : [8];
    return batches.map((batch) => ({
      ...{ work: 'training step', on: `${size}x${size}, batch ${batch}`, images: batch, gigaOperations },
      run: () => workload.trainingStep(forward, batch),
    }));
  });
  try {
    return await timeEntries('growth', entries, { ...context, rounds: Math.min(context.rounds, 3) });
  } finally {
    for (const { workload } of workloads) workload.dispose();
  }
}
