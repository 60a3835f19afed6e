/** Runs in each worker of a program: a copy of its model on the kernels of the same device. */
import { modelFromTopology } from 'xray-models';
import { selectDevice, workerChannel } from 'xray-node-gpu';
import { serveReplica } from 'xray-train';
import { fuse } from 'xray-wasm';
import type { ReplicaData } from './workers.js';

serveReplica(workerChannel(), {
  async createModel({ topology, data }) {
    const { device, memoryLimit } = data as ReplicaData;
    await selectDevice({ require: device, ...(memoryLimit === undefined ? {} : { memoryLimit }) });
    return modelFromTopology(topology);
  },
  createForward: fuse,
});
