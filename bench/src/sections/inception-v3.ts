import { model as createModel, type LayersModel, layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { createInceptionV3 } from 'xray-models';
import { fuse } from 'xray-wasm';
import { cpuEntries } from './cpu-entries.js';
import { kernelSwitch } from './kernel-switch.js';
import { type BenchContext, type BenchRow, type Entry, timeEntries } from './section.js';
import { createWorkload } from './workload.js';

/** The smallest images that the network takes. */
const TINY = 75;
/** Images per forward and backward pass where the whole network trains. */
const MICRO_BATCH = 8;
/** Rounds of what takes seconds a run. */
const FEW = 2;

/** What of the network trains. */
export type Trained = 'head' | 'convolutions' | 'all';

/** InceptionV3 on one thread, frozen and trained. */
export async function benchInceptionV3(context: BenchContext): Promise<BenchRow[]> {
  const kernels = kernelSwitch();
  const workload = createWorkload(createClassifier(context.imageSize));
  const { model, plain } = workload;
  const fused = fuse(model);
  const { stock, own } = kernels;
  const forward = { work: 'forward pass', gigaOperations: workload.gigaOperations().forward };
  const step = (trained: Trained, batch: number): Entry => {
    train(model, trained);
    return {
      ...{ work: `training step, ${TITLES[trained]}`, on: 'xray-wasm, fused', images: batch },
      ...{ gigaOperations: workload.gigaOperations().step, mostRounds: batch > 8 ? 1 : FEW },
      prepare: async () => {
        await own();
        train(model, trained);
      },
      run: () => workload.trainingStep(fused, batch, MICRO_BATCH),
    };
  };
  const tiny = createWorkload(createClassifier(TINY));
  train(tiny.model, 'all');
  train(model, 'all');
  const whole = workload.gigaOperations();
  const entries: Entry[] = [
    { ...forward, on: 'stock wasm', images: 8, prepare: stock, run: () => workload.forwardPass(plain, 8) },
    { ...forward, on: 'xray-wasm', images: 8, prepare: own, run: () => workload.forwardPass(plain, 8) },
    {
      ...forward,
      on: 'xray-wasm, fused',
      images: 8,
      prepare: own,
      run: () => workload.forwardPass(fused, 8),
    },
    {
      ...{ ...forward, on: 'xray-wasm, fused', images: 32, prepare: own, mostRounds: FEW },
      run: () => workload.forwardPass(fused, 32),
    },
    ...(['head', 'convolutions', 'all'] as const).map((trained) => step(trained, 8)),
    step('head', 32),
    step('all', 32),
    {
      ...{ work: `training step, ${TITLES.all}`, on: 'stock wasm, gradients from its ops', images: 1 },
      ...{ gigaOperations: whole.step, mostRounds: 0 },
      prepare: async () => {
        await stock();
        train(model, 'all');
      },
      run: () => workload.trainingStep(plain, 1),
    },
    ...cpuEntries(tiny, TINY, whole, 0),
  ];
  try {
    return await timeEntries('inception-v3', entries, { ...context, rounds: Math.min(context.rounds, 3) });
  } finally {
    await own();
    tiny.dispose();
    workload.dispose();
  }
}

const TITLES: Readonly<Record<Trained, string>> = {
  head: 'frozen but for the head',
  convolutions: 'batch norm frozen',
  all: 'all of it',
};

/** InceptionV3 with average pooling and two classes. */
export function createClassifier(imageSize: number): LayersModel {
  const { inputs, outputs } = createInceptionV3({
    imageShape: [imageSize, imageSize, 3],
    pooling: 'average',
  });
  const head = layers.dense({ units: 2, activation: 'softmax', name: HEAD });
  return createModel({ inputs, outputs: head.apply(outputs) as SymbolicTensor });
}

const HEAD = 'probabilities';

/** Freezes and unfreezes its layers. */
export function train(model: LayersModel, trained: Trained): void {
  for (const layer of model.layers) {
    const isBatchNorm = layer.getClassName() === 'BatchNormalization';
    layer.trainable =
      layer.name === HEAD || trained === 'all' || (trained === 'convolutions' && !isBatchNorm);
  }
}
