import * as tf from '@tensorflow/tfjs-core';
import { robust } from 'xray-augment';
import { createRobustCnn } from 'xray-models';
import { adamW } from 'xray-train';
import { fuse } from 'xray-wasm';
import { kernelSwitch } from './kernel-switch.js';
import { type Peers, startPeers } from './peers.js';
import { type BenchContext, type BenchRow, type Entry, timeEntries } from './section.js';
import { createWorkload } from './workload.js';

const SIZES = [96, 128];
const BATCH = 32;
/** Rounds of what takes seconds a run. */
const FEW = 2;

/** The network of the `robust` recipe with its optimizer, and its augmentation, on one thread, beside other frameworks. */
export async function benchRobust(context: BenchContext): Promise<BenchRow[]> {
  const peers = context.python ? await startPeers(context.python, 1) : undefined;
  try {
    const rows: BenchRow[] = [];
    for (const size of SIZES) rows.push(...(await benchSize(size, peers, context)));
    return rows;
  } finally {
    peers?.close();
  }
}

async function benchSize(size: number, peers: Peers | undefined, context: BenchContext): Promise<BenchRow[]> {
  const kernels = kernelSwitch();
  const workload = createWorkload(createRobustCnn({ imageShape: [size, size, 1] }), () =>
    adamW({ weightDecay: 1e-2 }),
  );
  const { plain } = workload;
  const fused = fuse(workload.model);
  const operations = workload.gigaOperations();
  const forward = {
    work: `forward pass, ${size}x${size}`,
    images: BATCH,
    gigaOperations: operations.forward,
  };
  const step = { work: `training step, ${size}x${size}`, images: BATCH, gigaOperations: operations.step };
  const augmentation = augmentationOf(size);
  const entries: Entry[] = [
    { ...forward, on: 'stock wasm', prepare: kernels.stock, run: () => workload.forwardPass(plain, BATCH) },
    {
      ...forward,
      on: 'xray-wasm, fused',
      prepare: kernels.own,
      run: () => workload.forwardPass(fused, BATCH),
    },
    {
      ...step,
      on: 'stock wasm, gradients from its ops',
      prepare: kernels.stock,
      mostRounds: FEW,
      run: () => workload.trainingStep(plain, BATCH),
    },
    { ...step, on: 'xray-wasm', prepare: kernels.own, run: () => workload.trainingStep(plain, BATCH) },
    { ...step, on: 'xray-wasm, fused', prepare: kernels.own, run: () => workload.trainingStep(fused, BATCH) },
    {
      work: `augmentation, ${size}x${size}`,
      images: BATCH,
      on: 'xray-augment, robust',
      run: augmentation.run,
    },
    ...Object.entries(peers?.titles ?? {}).flatMap(([peer, on]): Entry[] => {
      const ask = (work: 'forward' | 'step') => () =>
        peers!.run(peer, { network: 'robust', work, batch: BATCH, size });
      return [
        { ...forward, on, run: ask('forward') },
        { ...step, on, run: ask('step') },
      ];
    }),
  ];
  try {
    return await timeEntries('robust', entries, context);
  } finally {
    await kernels.own();
    augmentation.dispose();
    workload.dispose();
  }
}

/** The recipe's augmentation of a batch, with other draws in every round. */
function augmentationOf(size: number) {
  const augment = robust();
  const images = tf.randomUniform<tf.Rank.R4>([BATCH, size, size, 1], 0, 1, 'float32', 1);
  const labels = tf.tensor2d(Array.from({ length: BATCH }, () => [1, 0]));
  const ids = Array.from({ length: BATCH }, (_, index) => String(index));
  let epoch = 0;
  return {
    run() {
      const changed = augment({ images, labels, ids }, { seed: 7, epoch: epoch++ });
      changed.images.dataSync();
      tf.dispose([changed.images, changed.labels]);
    },
    dispose: () => tf.dispose([images, labels]),
  };
}
