// Runs in every thread and process of the tests: the model on the wasm kernels, and ways to die.
import type { TrainingStep } from 'xray-core';
import { modelFromTopology } from 'xray-models';
import { selectDevice, workerChannel } from 'xray-node-gpu';
import { serveReplica } from 'xray-train';
import { fuse } from 'xray-wasm';

/** How and when the second worker dies. */
export interface Death {
  readonly how: 'exit' | 'throw';
  readonly atStep: number;
}

serveReplica(workerChannel(), {
  async createModel({ topology, data, worker }) {
    await selectDevice({ require: 'wasm' });
    const model = await modelFromTopology(topology);
    if (worker === 1 && data !== undefined) {
      Object.assign(model.layers[1]!, { beginTrainingStep: dieAt(data as Death) });
    }
    return model;
  },
  createForward: fuse,
});

function dieAt({ how, atStep }: Death) {
  return (step: TrainingStep | undefined): void => {
    if (step?.step !== atStep) return;
    if (how === 'exit') process.exit(7);
    setTimeout(() => {
      throw new Error('thrown in a timer');
    }, 0);
  };
}
