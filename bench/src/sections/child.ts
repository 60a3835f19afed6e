/** A process of its own for what must not share one: the memory of one row, or another device. */

import { setTimeout as wait } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs-core';
import { peakMemoryMegabytes } from 'xray-cli/program';
import { createCnn } from 'xray-models';
import { selectDevice } from 'xray-node-gpu';
import { fuse } from 'xray-wasm';
import { createClassifier, train } from './inception-v3.js';
import type { ChildJob, ChildResult } from './run-child.js';
import { timeInTurns } from './time-in-turns.js';
import { createWorkload } from './workload.js';

const job = JSON.parse(process.argv[2]!) as ChildJob;
const device = await selectDevice({ require: job.device });
const { network, imageSize, batch, microBatch, rounds } = job;
const workload = createWorkload(
  network === 'cnn' ? createCnn({ imageShape: [imageSize, imageSize, 3] }) : createClassifier(imageSize),
);
if (network !== 'cnn') train(workload.model, network);
const forward = job.device === 'wasm' ? fuse(workload.model) : workload.plain;
const run = {
  forward: () => workload.forwardPass(forward, batch),
  step: () => workload.trainingStep(forward, batch, microBatch),
};
const spreads = await timeInTurns(
  job.works.map((work) => ({ run: run[work] })),
  rounds,
);
const result: ChildResult = {
  spreads,
  gigaOperations: job.works.map((work) => workload.gigaOperations()[work]),
  peakMegabytes: peakMemoryMegabytes(),
  device: device.description,
};
workload.dispose();
tf.disposeVariables();
device.dispose();
process.stdout.write(`${JSON.stringify(result)}\n`);
await wait(0);
process.exit(0); // WebGPU keeps a process alive
