import {
  input as inputLayer,
  type LayersModel,
  layers,
  model as modelOf,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import { ClassMismatchError, InvalidArgumentError } from 'xray-core';
import type { BundleMetadata } from '../bundle/bundle-metadata.js';
import { functionalTopology } from '../bundle/functional-topology.js';
import type { ModelBundle } from '../bundle/model-bundle.js';
import { modelFromTopology } from '../bundle/model-from-topology.js';
import { joinSeenImages } from '../bundle/seen-images.js';
import { inputOf, outputOf, rebuildFlat } from '../transfer/trace-graph.js';
import { renameLayers } from './rename-layers.js';

/**
 * Joins bundles into one whose model gives the mean of their probabilities: trainings with several seeds, snapshots of one, or
 * different networks. The result is a bundle like any other, to classify, evaluate, fuse, save and load; its weights are copies.
 *
 * The threshold is the mean of theirs. Choose it anew on validation images that none was trained on where there are some.
 *
 * @param bundles - At least two, with the same classes and the same `metadata.input`; they stay usable.
 * @throws {InvalidArgumentError} If there are fewer than two, or they take different images.
 * @throws {ClassMismatchError} If their classes differ.
 *
 * @example
 * const ensemble = await createEnsemble([first, second, third]);
 * const [result] = await classify(ensemble, [image]);
 *
 * @see Lakshminarayanan et al. 2017, Simple and Scalable Predictive Uncertainty Estimation using Deep Ensembles, arXiv 1612.01474
 */
export async function createEnsemble(bundles: readonly ModelBundle[]): Promise<ModelBundle> {
  const [first, ...others] = bundles;
  if (first === undefined || others.length === 0) {
    throw new InvalidArgumentError({
      argument: 'bundles',
      expected: 'at least two',
      received: bundles.length,
    });
  }
  for (const [index, bundle] of others.entries()) checkAlike(first, bundle, index + 1);
  const { height, width, channels } = first.metadata.input;
  const images = inputLayer({ shape: [height, width, channels], name: 'images' });
  const members = await Promise.all(bundles.map(({ model }, index) => copyOf(model, `member-${index + 1}/`)));
  const outputs = members.map((member) =>
    rebuildFlat(outputOf(member), new Map([[inputOf(member), images]])),
  );
  const mean = layers.average({ name: 'mean' }).apply(outputs) as SymbolicTensor;
  return {
    model: modelOf({ inputs: images, outputs: mean, name: 'ensemble' }),
    metadata: joinMetadata(bundles.map(({ metadata }) => metadata)),
  };
}

function checkAlike({ metadata: first }: ModelBundle, { metadata: other }: ModelBundle, index: number): void {
  const [expected, received] = [first.classList.names, other.classList.names];
  if (expected.join('\n') !== received.join('\n')) {
    throw new ClassMismatchError({ what: `bundles[${index}]`, expected, received });
  }
  if (describeInput(first) === describeInput(other)) return;
  throw new InvalidArgumentError({
    argument: `bundles[${index}].metadata.input`,
    expected: `that of the first, ${JSON.stringify(first.input)}`,
    received: other.input,
    fix: 'Average the predictions of models that take different images: `averagePredictions` of xray-metrics.',
  });
}

/** The same text for the same rule, whether defaults are written down or not. */
function describeInput({ input: { resize, ...size } }: BundleMetadata): string {
  const rule = { fit: 'fill', method: 'antialias', ...resize };
  return JSON.stringify([size, rule].map((each) => Object.entries(each).sort()));
}

async function copyOf(model: LayersModel, prefix: string): Promise<LayersModel> {
  const topology = functionalTopology(model.toJSON(null, false) as object);
  const copy = await modelFromTopology(renameLayers(topology, prefix));
  copy.setWeights(model.getWeights());
  return copy;
}

function joinMetadata(members: readonly BundleMetadata[]): BundleMetadata {
  const [{ classList, input, threshold, license }] = members as [BundleMetadata];
  const value = members.reduce((sum, member) => sum + member.threshold.value, 0) / members.length;
  const isOneRule = members.every((member) => member.threshold.rule === threshold.rule);
  const seen = members.flatMap(({ seenImages }) => (seenImages ? [seenImages] : []));
  return {
    architecture: `ensemble of ${members.length}`,
    classList,
    input,
    threshold: { value, rule: isOneRule ? threshold.rule : 'youden' },
    training: { members: members.map(({ architecture, training }) => ({ architecture, ...training })) },
    ...(seen.length > 0 ? { seenImages: joinSeenImages(seen) } : {}),
    metrics: {},
    license: members.every((member) => member.license === license) ? license : 'NOASSERTION',
    notice: [...new Set(members.map(({ notice }) => notice))].join(' '),
  };
}
