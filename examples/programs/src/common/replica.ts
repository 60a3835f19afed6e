/** Runs in each worker of a program: a copy of its model on the kernels of the same device. */
import { modelFromTopology } from 'xray-models';
import { type DeviceKind, selectDevice, threadChannel } from 'xray-node-gpu';
import { serveReplica } from 'xray-train';
import { fuse } from 'xray-wasm';

serveReplica(threadChannel(), {
  async createModel({ topology, data }) {
    await selectDevice({ require: data as DeviceKind });
    return modelFromTopology(topology);
  },
  createForward: fuse,
});
