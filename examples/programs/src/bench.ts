/**
 * Times the reference CNN: the stock wasm backend, xray-wasm, and other frameworks, in turns in one run, so that the
 * ratios hold on a machine whose speed drifts.
 *
 *   npx -y pnpm@12.21.0 bench
 */
import { cpus } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import type { Forward } from 'xray-core';
import { writeFileAtomic } from 'xray-core/node';
import { createCnn } from 'xray-models';
import { adam, crossEntropy } from 'xray-train';
import { fuse, registerKernels, type WasmKernels } from 'xray-wasm';
import { countOperations } from './bench/count-operations.js';
import { type Peers, startPeers } from './bench/peers.js';
import { measureSimdPeak } from './bench/simd-peak.js';
import { registerStockGradients } from './bench/stock-gradients.js';
import { type Contestant, type Spread, timeInTurns } from './bench/time-in-turns.js';
import { newCommand, positiveInteger } from './common/flags.js';
import { profileKernels } from './common/profile-kernels.js';
import { runProgram } from './common/run-program.js';

type Work = 'forward' | 'step';

interface Row extends Contestant {
  readonly on: string;
  readonly work: Work;
}

interface MeasuredRow extends Spread {
  readonly on: string;
  readonly work: Work;
  readonly imagesPerSecond: number;
  /** Of the direct convolution, whatever the kernel does. */
  readonly gigaflops: number;
  readonly shareOfSimdPeak: number;
  readonly againstStockForward: number;
}

const flags = newCommand('bench', 'Times the reference CNN (two classes, three channels) on one thread.')
  .option('--batch-size <number>', 'images at a time', positiveInteger, 8)
  .option('--image-size <pixels>', 'height and width', positiveInteger, 224)
  .option('--rounds <number>', 'timed rounds, after one to warm up', positiveInteger, 7)
  .option('--peers', 'also time PyTorch and Keras, where Python can import them', false)
  .option('--python <program>', 'Python for --peers', 'python3')
  .option('--profile', 'also list the kernels of one training step', false)
  .option('--json <file>', 'file to write the rows to as well')
  .parse()
  .opts<{
    batchSize: number;
    imageSize: number;
    rounds: number;
    peers: boolean;
    python: string;
    profile: boolean;
    json?: string;
  }>();

await runProgram({ device: 'wasm' }, '', async ({ signal, say }) => {
  const { batchSize, imageSize, rounds } = flags;
  const model = createCnn({ imageShape: [imageSize, imageSize, 3] });
  const operations = countOperations(model);
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const optimizer = adam();
  const images = tf.randomUniform<tf.Rank.R4>([batchSize, imageSize, imageSize, 3], 0, 1, 'float32', 1);
  const labels = tf.tensor2d(Array.from({ length: batchSize }, () => [1, 0]));
  const plain: Forward = (x, options) => model.apply(x, options) as tf.Tensor2D;
  const fused = fuse(model);

  const forwardPass = (forward: Forward) => () =>
    tf.tidy(() => void forward(images, { training: false }).dataSync());
  const trainingStep = (forward: Forward) => () =>
    tf.tidy(() => {
      const loss = () => tf.mean(crossEntropy(labels, forward(images, { training: true })));
      const { value, grads } = tf.variableGrads(loss as () => tf.Scalar, variables);
      optimizer.step(
        variables,
        variables.map(({ name }) => grads[name]!),
        1e-5,
      );
      value.dataSync();
    });

  const kernels = kernelSwitch();
  const peers = flags.peers ? await startPeers(flags.python, 1) : undefined;
  const rows: Row[] = [
    { on: 'stock wasm', work: 'forward', prepare: kernels.stock, run: forwardPass(plain) },
    { on: 'xray-wasm', work: 'forward', prepare: kernels.own, run: forwardPass(plain) },
    { on: 'xray-wasm, fused', work: 'forward', prepare: kernels.own, run: forwardPass(fused) },
    {
      on: 'stock wasm, gradients from its ops',
      work: 'step',
      prepare: kernels.stock,
      run: trainingStep(plain),
    },
    { on: 'xray-wasm', work: 'step', prepare: kernels.own, run: trainingStep(plain) },
    { on: 'xray-wasm, fused', work: 'step', prepare: kernels.own, run: trainingStep(fused) },
    ...(peers ? peerRows(peers) : []),
  ];
  const simdPeak = measureSimdPeak();
  const spreads = await timeInTurns(rows, rounds, signal).finally(() => peers?.close());
  await kernels.own();

  const gigaflopsOf = (row: Row, { median }: Spread) => (operations[row.work] * batchSize) / (median * 1e6);
  const baseline = gigaflopsOf(rows[0]!, spreads[0]!);
  const measured: MeasuredRow[] = rows.map((row, index) => {
    const spread = spreads[index]!;
    const gigaflops = gigaflopsOf(row, spread);
    return {
      ...{ on: row.on, work: row.work, ...spread, gigaflops },
      imagesPerSecond: (batchSize * 1000) / spread.median,
      shareOfSimdPeak: gigaflops / simdPeak,
      againstStockForward: gigaflops / baseline,
    };
  });
  say(
    `${cpus()[0]?.model}, Node ${process.version}, one thread, SIMD peak ${simdPeak.toFixed(1)} GFLOPS, ` +
      `${imageSize}x${imageSize}x3, batch ${batchSize}, ${rounds} rounds`,
  );
  console.table(measured.map((row) => tableRow(row, batchSize)));
  if (flags.profile) console.table(profileKernels(trainingStep(fused)));
  if (flags.json) await writeFileAtomic(flags.json, `${JSON.stringify(measured, null, 2)}\n`);
});

function peerRows({ titles, run }: Peers): Row[] {
  const size = flags.imageSize;
  return Object.entries(titles).flatMap(([peer, on]) =>
    (['forward', 'step'] as const).map((work) => ({
      on,
      work,
      run: () => run(peer, { work, batch: flags.batchSize, size }),
    })),
  );
}

/** Puts the stock kernels, with gradients made of them, or those of xray-wasm in place. */
function kernelSwitch() {
  let registered: WasmKernels | undefined;
  let removeGradients: (() => void) | undefined;
  return {
    async stock() {
      (registered ?? (await registerKernels())).unregister();
      registered = undefined;
      removeGradients ??= registerStockGradients();
    },
    async own() {
      removeGradients?.();
      removeGradients = undefined;
      registered ??= await registerKernels();
    },
  };
}

function tableRow(row: MeasuredRow, batchSize: number) {
  const perSecond = (milliseconds: number) => ((batchSize * 1000) / milliseconds).toFixed(1);
  return {
    work: row.work === 'forward' ? 'forward pass' : 'training step',
    on: row.on,
    'images/s (median)': perSecond(row.median),
    spread: `${perSecond(row.slowest)} to ${perSecond(row.fastest)}`,
    GFLOPS: row.gigaflops.toFixed(1),
    'of SIMD peak': `${(100 * row.shareOfSimdPeak).toFixed(0)} %`,
    'against stock forward': `${row.againstStockForward.toFixed(2)} x`,
  };
}
