import type { LayersModel } from '@tensorflow/tfjs-layers';
import { InvalidArgumentError } from 'xray-core';
import {
  createCnn,
  createInceptionV3,
  createRobustCnn,
  createTransferModel,
  cutModel,
  STUDY_HEADS,
} from 'xray-models';
import { openBundle } from '../prediction/open-bundle.js';
import type { ExperimentRun } from './experiment-run.js';
import { LAST_OF_BASE } from './last-of-base.js';
import { loadBaseWeights } from './load-base-weights.js';
import { trainWhole } from './train-network.js';

/** Builds the network of a recipe, or the caller's own. */
export async function createNetwork(run: ExperimentRun): Promise<LayersModel> {
  const { recipe, seed, asPublished, createModel } = run.options;
  const { network } = recipe;
  const shape = shapeOf(run);
  if (createModel) return createModel(shape);
  switch (network.kind) {
    case 'cnn': {
      const { kind: _, ...options } = network;
      return createCnn({ ...shape, ...options, channels: recipe.images.channels });
    }
    case 'robust-cnn': {
      const { kind: _, ...options } = network;
      return createRobustCnn({ ...shape, ...options });
    }
    case 'inception-v3': {
      const base = createInceptionV3({ imageShape: shape.imageShape, rescale: !asPublished, seed });
      if (network.weights !== null) await loadBaseWeights(base, network.weights, run.context);
      return createTransferModel({ base, head: STUDY_HEADS.INCEPTION_V3, classes: shape.classes, seed });
    }
    case 'cnn-on-cnn': {
      const first = network.base === null ? await trainFirst(run) : await openFirst(network.base, run);
      const base = cutModel(first, LAST_OF_BASE['cnn-on-cnn']);
      return createTransferModel({ base, head: STUDY_HEADS.CNN, classes: shape.classes, seed });
    }
  }
}

function shapeOf({ store, classList, options }: ExperimentRun) {
  const imageShape = [store.height, store.width, store.channels] as const;
  return { classes: classList.names.length, imageShape, seed: options.seed };
}

/** The network of an earlier run, if it takes these images. */
async function openFirst(path: string, { store }: ExperimentRun): Promise<LayersModel> {
  const { model, metadata } = await openBundle([path]);
  const { height, width, channels } = metadata.input;
  if (height !== store.height || width !== store.width || channels !== store.channels) {
    throw new InvalidArgumentError({
      argument: '--base',
      expected: `a network for images of ${store.height}x${store.width}x${store.channels}`,
      received: `one for ${height}x${width}x${channels}`,
      fix: `Pass --image-size ${height}, or the run of another network.`,
    });
  }
  return model;
}

/** Experiment 2 on the same split, with checkpoints of its own. */
async function trainFirst(run: ExperimentRun): Promise<LayersModel> {
  const model = createCnn({ ...shapeOf(run), channels: run.options.recipe.images.channels });
  const checkpoints = run.checkpointsOf('first-network');
  await trainWhole(model, { ...run, training: { ...run.training, checkpoints } });
  return model;
}
