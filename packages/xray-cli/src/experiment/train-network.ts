import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type PhasesResult, type TrainResult, train } from 'xray-train';
import type { ExperimentRun } from './experiment-run.js';
import { fineTunePhase } from './fine-tune.js';
import { LAST_OF_BASE } from './last-of-base.js';
import { trainOnFeatures } from './train-on-features.js';

/** Trains a network as its kind wants it: as a whole, or its head on features of the frozen base. */
export async function trainNetwork(
  model: LayersModel,
  run: ExperimentRun,
): Promise<TrainResult | PhasesResult> {
  const { recipe, createModel } = run.options;
  const { network } = recipe;
  if (createModel) return trainWhole(model, run);
  switch (network.kind) {
    case 'inception-v3': {
      const next = network.fineTune ? [fineTunePhase(model, run, network.fineTune)] : [];
      return trainOnFeatures(model, LAST_OF_BASE[network.kind], run, next);
    }
    case 'cnn-on-cnn':
      return trainOnFeatures(model, LAST_OF_BASE[network.kind], run);
    default:
      return trainWhole(model, run);
  }
}

/** Trains the network that another one will stand on, on the same split, with checkpoints of its own. */
export async function trainFirst(model: LayersModel, run: ExperimentRun): Promise<void> {
  const checkpoints = run.checkpointsOf('first-network');
  await trainWhole(model, { ...run, training: { ...run.training, checkpoints } });
}

/** Trains all of a model that is not frozen. */
async function trainWhole(model: LayersModel, run: ExperimentRun): Promise<TrainResult> {
  const how = await run.accelerate(model);
  try {
    return await train({ ...run.training, ...how, model });
  } finally {
    await how.replicas?.dispose();
  }
}
