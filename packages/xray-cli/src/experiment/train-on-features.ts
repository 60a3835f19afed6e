import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { BatchSource } from 'xray-core';
import { splitModel } from 'xray-models';
import {
  extractFeatures,
  type Features,
  featureSource,
  type PhasesResult,
  type Replicas,
  type TrainingPhase,
  type TrainOptions,
  trainPhases,
} from 'xray-train';
import { fileFeatures } from 'xray-train/node';
import type { ExperimentRun } from './experiment-run.js';

/** Weights and gradients travel at every step: heads with more than this train faster without workers. */
const MOST_SHARED_PARAMETERS = 2e6;

/**
 * Trains what lies behind a frozen base on features that are computed once, in workers, and kept in the run folder until
 * the training is over. Phases that train some of the base, too, may follow.
 *
 * @param lastOfBase - Name of the base's last layer.
 */
export async function trainOnFeatures(
  model: LayersModel,
  lastOfBase: string,
  run: ExperimentRun,
  next: readonly TrainingPhase[] = [],
): Promise<PhasesResult> {
  const result = await trainPhases([headPhase(model, lastOfBase, run), ...next]);
  await run.folder.remove('features');
  return result;
}

function headPhase(model: LayersModel, lastOfBase: string, run: ExperimentRun): TrainingPhase {
  const { base, head } = splitModel(model, lastOfBase);
  const opened: Features[] = [];
  let replicas: Replicas | undefined;

  async function featuresOfBothSides(): Promise<{ train: Features; validation: Features }> {
    const how = await run.accelerate(base);
    const { signal, onProgress } = run.context;
    const featuresOf = async (
      name: string,
      source: BatchSource,
      augmentation?: TrainOptions['augmentation'],
    ) => {
      const store = fileFeatures(run.folder.file(`features/${name}.features`));
      const options = {
        ...how,
        base,
        source,
        augmentation,
        store,
        dataHash: run.dataSha256,
        signal,
        onProgress,
      };
      const features = await extractFeatures(options);
      opened.push(features);
      return features;
    };
    try {
      const { train, validation, augmentation } = run.training;
      return {
        train: await featuresOf('train', train, augmentation),
        validation: await featuresOf('validation', validation),
      };
    } finally {
      await how.replicas?.dispose();
    }
  }

  return {
    name: 'head',
    async prepare() {
      const features = await featuresOfBothSides();
      const { augmentation, ...training } = run.training; // the features hold its variants
      const how = await run.accelerate(head, head.countParams() <= MOST_SHARED_PARAMETERS);
      replicas = how.replicas;
      const { seed, train, validation } = training;
      return {
        ...training,
        forward: how.forward,
        replicas,
        model: head,
        microBatchSize: train.batchSize, // features and a head need little memory
        train: featureSource({ features: features.train, source: train, augmentation, seed }),
        validation: featureSource({ features: features.validation, source: validation }),
      };
    },
    async finish() {
      await replicas?.dispose();
      for (const features of opened) await features.close();
      head.dispose();
    },
  };
}
