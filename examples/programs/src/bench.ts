/**
 * Times the reference CNN on one thread: the stock wasm backend against xray-wasm, in turns in one process, so that
 * the ratios hold on a machine whose speed drifts.
 *
 *   npx -y pnpm@12.21.0 bench
 */
import { cpus } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import { throwIfAborted, yieldToEventLoop } from 'xray-core';
import { writeFileAtomic } from 'xray-core/node';
import { createCnn } from 'xray-models';
import { adam, crossEntropy } from 'xray-train';
import { registerKernels, type WasmKernels } from 'xray-wasm';
import { newCommand, positiveInteger } from './common/flags.js';
import { profileKernels } from './common/profile-kernels.js';
import { runProgram } from './common/run-program.js';

/** Multiplications and additions of one 224x224x3 image, in billions. */
const GIGAFLOP = { forward: 0.9, step: 2.68 } as const;

interface Row {
  name: string;
  kernels: 'stock' | 'xray-wasm';
  work: keyof typeof GIGAFLOP;
  milliseconds: number[];
}

const flags = newCommand('bench', 'Times the reference CNN (224x224x3, two classes) on one thread.')
  .option('--batch-size <number>', 'images at a time', positiveInteger, 8)
  .option('--rounds <number>', 'timed rounds, after one to warm up', positiveInteger, 7)
  .option('--profile', 'also list the kernels of one training step', false)
  .option('--json <file>', 'file to write the rows to as well')
  .parse()
  .opts<{ batchSize: number; rounds: number; profile: boolean; json?: string }>();

await runProgram({ device: 'wasm' }, '', async ({ signal, say }) => {
  const { batchSize, rounds } = flags;
  const model = createCnn({ imageShape: [224, 224, 3] });
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const optimizer = adam();
  const images = tf.randomUniform<tf.Rank.R4>([batchSize, 224, 224, 3], 0, 1, 'float32', 1);
  const labels = tf.tensor2d(Array.from({ length: batchSize }, () => [1, 0]));
  const work = {
    forward: () => tf.tidy(() => void (model.predict(images) as tf.Tensor).dataSync()),
    step: () =>
      tf.tidy(() => {
        const loss = () =>
          tf.mean(crossEntropy(labels, model.apply(images, { training: true }) as tf.Tensor2D));
        const { value, grads } = tf.variableGrads(loss as () => tf.Scalar, variables);
        optimizer.step(
          variables,
          variables.map(({ name }) => grads[name]!),
          1e-5,
        );
        value.dataSync();
      }),
  };
  const rows: Row[] = [
    { name: 'forward pass', kernels: 'stock', work: 'forward', milliseconds: [] },
    { name: 'forward pass', kernels: 'xray-wasm', work: 'forward', milliseconds: [] },
    { name: 'training step', kernels: 'xray-wasm', work: 'step', milliseconds: [] },
  ];
  for (let round = 0; round <= rounds; round++) {
    let kernels: WasmKernels = await registerKernels();
    for (const row of rows) {
      throwIfAborted(signal, 'The benchmark');
      await yieldToEventLoop();
      if (row.kernels === 'stock') kernels.unregister();
      else kernels = await registerKernels();
      const start = performance.now();
      work[row.work]();
      if (round > 0) row.milliseconds.push(performance.now() - start);
    }
  }

  const measured = rows.map((row) => ({ ...row, ...speedOf(row, batchSize) }));
  const baseline = measured[0]!.gigaflops;
  say(`${cpus()[0]?.model}, Node ${process.version}, batch ${batchSize}, ${rounds} rounds, one thread`);
  console.table(
    measured.map(({ name, kernels, imagesPerSecond, slowest, fastest, gigaflops }) => ({
      work: name,
      kernels,
      'images/s (median)': round(imagesPerSecond),
      spread: `${round(slowest)} to ${round(fastest)}`,
      GFLOPS: round(gigaflops),
      'against stock forward': `${(gigaflops / baseline).toFixed(2)} x`,
    })),
  );
  if (flags.profile) console.table(profileKernels(work.step));
  if (flags.json) await writeFileAtomic(flags.json, `${JSON.stringify(measured, null, 2)}\n`);
});

function speedOf({ milliseconds, work }: Row, batchSize: number) {
  const sorted = [...milliseconds].sort((left, right) => left - right);
  const perSecond = (time: number) => (batchSize * 1000) / time;
  const imagesPerSecond = perSecond(sorted[sorted.length >> 1]!);
  return {
    imagesPerSecond,
    slowest: perSecond(sorted.at(-1)!),
    fastest: perSecond(sorted[0]!),
    gigaflops: imagesPerSecond * GIGAFLOP[work],
  };
}

function round(value: number): number {
  return Number(value.toFixed(1));
}
