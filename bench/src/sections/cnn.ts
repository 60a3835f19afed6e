import { createCnn } from 'xray-models';
import { fuse } from 'xray-wasm';
import { cpuEntries } from './cpu-entries.js';
import { kernelSwitch } from './kernel-switch.js';
import { type Peers, startPeers } from './peers.js';
import { type BenchContext, type BenchRow, type Entry, timeEntries } from './section.js';
import { createWorkload } from './workload.js';

/** Images so small that the cpu backend takes seconds and not minutes. */
const TINY = 32;
/** Rounds of what takes seconds a run. */
const FEW = 2;

/** The reference CNN on one thread: stock backends, xray-wasm, and other frameworks where they are installed. */
export async function benchCnn(context: BenchContext): Promise<BenchRow[]> {
  const { imageSize } = context;
  const kernels = kernelSwitch();
  const workload = createWorkload(createCnn({ imageShape: [imageSize, imageSize, 3] }));
  const fused = fuse(workload.model);
  const { plain } = workload;
  const operations = workload.gigaOperations();
  const forward = { work: 'forward pass', gigaOperations: operations.forward };
  const step = { work: 'training step', gigaOperations: operations.step };
  const { stock, own } = kernels;
  const sized = (batch: number): Entry[] => [
    {
      ...forward,
      images: batch,
      on: 'stock wasm',
      prepare: stock,
      run: () => workload.forwardPass(plain, batch),
    },
    {
      ...forward,
      images: batch,
      on: 'xray-wasm',
      prepare: own,
      run: () => workload.forwardPass(plain, batch),
    },
    {
      ...forward,
      images: batch,
      on: 'xray-wasm, fused',
      prepare: own,
      run: () => workload.forwardPass(fused, batch),
    },
    ...(batch === 8
      ? [
          {
            ...{
              ...step,
              images: batch,
              on: 'stock wasm, gradients from its ops',
              prepare: stock,
              mostRounds: FEW,
            },
            run: () => workload.trainingStep(plain, batch),
          },
        ]
      : []),
    {
      ...step,
      images: batch,
      on: 'xray-wasm',
      prepare: own,
      run: () => workload.trainingStep(plain, batch, 8),
    },
    {
      ...step,
      images: batch,
      on: 'xray-wasm, fused',
      prepare: own,
      run: () => workload.trainingStep(fused, batch),
    },
  ];
  const tiny = createWorkload(createCnn({ imageShape: [TINY, TINY, 3] }));
  const peers = context.python ? await startPeers(context.python, 1) : undefined;
  try {
    const entries = [
      ...sized(8),
      ...sized(32).map((entry) => ({ ...entry, mostRounds: 3 })),
      ...cpuEntries(tiny, TINY, operations, FEW),
      ...(peers ? peerEntries(peers, imageSize, [forward, step]) : []),
    ];
    return await timeEntries('cnn', entries, context);
  } finally {
    peers?.close();
    await kernels.own();
    tiny.dispose();
    workload.dispose();
  }
}

function peerEntries(
  { titles, run }: Peers,
  size: number,
  [forward, step]: readonly [Pick<Entry, 'work' | 'gigaOperations'>, Pick<Entry, 'work' | 'gigaOperations'>],
): Entry[] {
  return Object.entries(titles).flatMap(([peer, on]) => [
    { ...forward, on, images: 8, run: () => run(peer, { network: 'cnn', work: 'forward', batch: 8, size }) },
    { ...step, on, images: 8, run: () => run(peer, { network: 'cnn', work: 'step', batch: 8, size }) },
  ]);
}
