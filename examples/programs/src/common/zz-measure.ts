import * as tf from '@tensorflow/tfjs-core';
import { createCnn } from 'xray-models';
import { selectDevice, threadWorker } from 'xray-node-gpu';
import { classListOf, createRandom } from 'xray-core';
import { openReplicas, train } from 'xray-train';
import { fuse } from 'xray-wasm';
const [size = 224, batchSize = 32, steps = 6, micro = 8] = process.argv.slice(2).map(Number);
const order = (process.env.ORDER ?? '1,2,1,2').split(',').map(Number);
const device = await selectDevice({ require: 'wasm' });
const n = batchSize * steps;
const pixels = Float32Array.from({ length: batchSize * size * size }, (_, i) => ((i * 7919) % 255) / 255);
const source = { classList: classListOf(['a', 'b']), sampleCount: n, batchSize, batchCount: steps, async *epoch() { for (let b = 0; b < steps; b++) yield { images: tf.tensor4d(pixels.slice(), [batchSize, size, size, 1]), labels: tf.tensor2d(Array.from({ length: batchSize }, (_, i) => (i % 2 ? [1, 0] : [0, 1]))), ids: Array.from({ length: batchSize }, (_, i) => `${b}-${i}`) }; } };
const val = { ...source, sampleCount: batchSize, batchCount: 1, async *epoch() { for await (const b of source.epoch()) { yield b; return; } } };
for (const workers of order) {
  const model = createCnn({ imageShape: [size, size, 1], seed: 7 });
  const replicas = workers > 1 || process.env.POOL1 ? await openReplicas({ model, workers, spawn: () => threadWorker(new URL('./replica.mjs', import.meta.url)), data: 'wasm' }) : undefined;
  const times: number[] = []; let last = performance.now();
  await train({ model, train: source as never, validation: val as never, epochs: 2, seed: 7, microBatchSize: micro, replicas, forward: fuse(model), onProgress: (e) => { const now = performance.now(); if (e.type === 'batch-end' && e.epoch === 1) times.push(now - last); last = now; } });
  const s = times.sort((a, b) => a - b); const med = s[s.length >> 1]!;
  console.log(`${workers} workers: median ${med.toFixed(1)} ms, best ${s[0]!.toFixed(1)}, ${(batchSize * 1000 / med).toFixed(1)} img/s, rss ${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MiB, max ${(process.resourceUsage().maxRSS / 1024).toFixed(0)}`);
  await replicas?.dispose(); model.dispose();
}
device.dispose();
