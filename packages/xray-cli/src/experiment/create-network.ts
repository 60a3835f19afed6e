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

/** What a network is built from. */
export type NetworkRun = Pick<ExperimentRun, 'options' | 'context' | 'store' | 'classList'>;

/**
 * Builds the network of a recipe, or the caller's own.
 *
 * @param trainFirst - Trains the network under a `cnn-on-cnn`. @default nothing is trained, and no pretrained weights are read
 */
export async function createNetwork(
  run: NetworkRun,
  trainFirst?: (first: LayersModel) => Promise<unknown>,
): Promise<LayersModel> {
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
      if (network.weights !== null && trainFirst) await loadBaseWeights(base, network.weights, run.context);
      return createTransferModel({ base, head: STUDY_HEADS.INCEPTION_V3, classes: shape.classes, seed });
    }
    case 'cnn-on-cnn': {
      const first =
        network.base === null
          ? createCnn({ ...shape, channels: recipe.images.channels })
          : await openFirst(network.base, run);
      if (network.base === null) await trainFirst?.(first);
      const base = cutModel(first, LAST_OF_BASE['cnn-on-cnn']);
      return createTransferModel({ base, head: STUDY_HEADS.CNN, classes: shape.classes, seed });
    }
  }
}

function shapeOf({ store, classList, options }: NetworkRun) {
  const imageShape = [store.height, store.width, store.channels] as const;
  return { classes: classList.names.length, imageShape, seed: options.seed };
}

/** The network of an earlier run, if it takes these images. */
async function openFirst(path: string, { store }: NetworkRun): Promise<LayersModel> {
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
