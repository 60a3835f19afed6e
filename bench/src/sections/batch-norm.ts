import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { BATCH_NORM_TRAINING_KERNELS } from 'xray-core';
import { batchNormalization } from 'xray-models';
import { fuse } from 'xray-wasm';
import { kernelSwitch } from './kernel-switch.js';
import { type BenchContext, type BenchRow, timeEntries } from './section.js';
import { createWorkload } from './workload.js';

const SIZE = 128;
const FILTERS = [32, 64, 96, 128, 192];
const BATCH = 8;
/** What batch norm is made of, on the stock backend. */
const KERNELS = ['FusedBatchNorm', 'Mean', 'Sum', 'Tile', ...Object.values(BATCH_NORM_TRAINING_KERNELS)];

/** A network of convolution, batch norm, ReLU: how much of its time batch norm takes. */
export async function benchBatchNorm(context: BenchContext): Promise<BenchRow[]> {
  const kernels = kernelSwitch();
  const stock = createWorkload(createNetwork(layers.batchNormalization));
  const own = createWorkload(createNetwork(batchNormalization));
  const fused = fuse(own.model);
  const common = {
    work: 'training step',
    images: BATCH,
    gigaOperations: own.gigaOperations().step,
  };
  try {
    return await timeEntries(
      'batch-norm',
      [
        {
          ...{ ...common, on: "stock layer and kernels, xray-wasm's convolutions" },
          prepare: kernels.ownBut(KERNELS),
          run: () => stock.trainingStep(stock.plain, BATCH),
        },
        {
          ...{ ...common, on: 'stock layer, xray-wasm' },
          prepare: kernels.own,
          run: () => stock.trainingStep(stock.plain, BATCH),
        },
        {
          ...{ ...common, on: 'own layer, xray-wasm, fused' },
          prepare: kernels.own,
          run: () => own.trainingStep(fused, BATCH),
        },
      ],
      context,
    );
  } finally {
    await kernels.own();
    stock.dispose();
    own.dispose();
  }
}

function createNetwork(normalization: () => layers.Layer): LayersModel {
  const model = sequential();
  FILTERS.forEach((filters, index) => {
    model.add(
      layers.conv2d({
        ...(index === 0 ? { inputShape: [SIZE, SIZE, 1] } : {}),
        ...{ filters, kernelSize: 3, padding: 'same', useBias: false },
      }),
    );
    model.add(normalization());
    model.add(layers.reLU());
    model.add(layers.maxPooling2d({ poolSize: 2 }));
  });
  model.add(layers.globalAveragePooling2d({}));
  model.add(layers.dense({ units: 2, activation: 'softmax' }));
  return model;
}
