import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  type LayersModel,
  layers,
  model as modelOf,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import { InvalidArgumentError } from 'xray-core';
import { checkImageShape, type ImageShape } from '../image-shape.js';
import { completeWeights } from '../weights/complete-weights.js';
import { withChannels } from '../with-channels.js';
import { type FeatureGraph, GraphFeatures, loadConverter } from './graph-features.js';
import { nodesBehind } from './nodes-behind.js';

/** Options of `loadGraphFeatures`. */
export interface GraphFeaturesOptions {
  /** Shape of one image of a batch. A gray image is repeated to three channels. @default [224, 224, 1] */
  imageShape?: ImageShape | undefined;
  /**
   * Name of the node that gives the features: the last one before the classifier, in a graph with one.
   *
   * @default the only output of the graph
   */
  output?: string | undefined;
  /** Values of pixels that the graph expects; those of batches, in `[0, 1]`, are brought there. @default [0, 1] */
  inputRange?: readonly [low: number, high: number] | undefined;
}

/**
 * Makes a frozen feature extractor of a TensorFlow.js graph model (TF-Hub, Kaggle Models, the converter): a base for
 * `createTransferModel`, and for `extractFeatures` of `xray-train` by `splitModel(model, 'graph_features')`. Its layer
 * `graph_features` never trains.
 *
 * Needs the optional peer `@tensorflow/tfjs-converter`, also where a bundle of such a model is loaded. Plain TensorFlow.js
 * does not load it.
 *
 * @param artifacts - What an IOHandler's `load` gives: of a folder (`modelFolder` of `xray-node-gpu`), a URL (`tf.io.http`), or
 *   files that a user picked.
 * @returns From float32 `[batch, height, width, channels]` in `[0, 1]` to the features. The caller owns it.
 * @throws {InvalidArgumentError} If it is no graph model, has several inputs or outputs, does not take images of this shape,
 *   has truncated weights, or has operations that TensorFlow.js cannot run at once.
 * @throws {XrayError} Code `missing-package`, without the peer.
 *
 * @example
 * const base = await loadGraphFeatures(await tf.io.http(url).load(), { imageShape: [224, 224, 1] });
 */
export async function loadGraphFeatures(
  artifacts: tf.io.ModelArtifacts,
  { imageShape = [224, 224, 1], output, inputRange: [low, high] = [0, 1] }: GraphFeaturesOptions = {},
): Promise<LayersModel> {
  checkImageShape(imageShape, 1);
  if (!(low < high)) {
    throw new InvalidArgumentError({
      argument: 'inputRange',
      expected: 'a lower and a higher value, such as [-1, 1]',
      received: [low, high],
    });
  }
  const { graph, values } = await readGraph(artifacts, imageShape, output);
  const image = input({ shape: [...imageShape], name: 'image' });
  let x = withChannels(image, 3);
  if (low !== 0 || high !== 1) {
    x = layers.rescaling({ scale: high - low, offset: low, name: 'rescaling' }).apply(x) as SymbolicTensor;
  }
  const layer = new GraphFeatures({ name: 'graph_features', graph: { name: JSON.stringify(graph) } });
  const features = layer.apply(x) as SymbolicTensor;
  layer.setWeights(values);
  tf.dispose(values);
  return modelOf({ inputs: image, outputs: features, name: 'graph' });
}

async function readGraph(
  artifacts: tf.io.ModelArtifacts,
  imageShape: ImageShape,
  wanted: string | undefined,
): Promise<{ graph: FeatureGraph; values: tf.Tensor[] }> {
  const { modelTopology, weightSpecs = [] } = artifacts;
  if (!modelTopology || !('node' in modelTopology)) {
    throw new InvalidArgumentError({
      argument: 'artifacts',
      expected: 'a graph model',
      received: artifacts.format ?? 'something else',
      fix: 'Use `weightsOfLayersModel` for layers models.',
    });
  }
  const { loadGraphModelSync } = await loadConverter();
  const whole = loadGraphModelSync({ ...artifacts, weightData: completeWeights(artifacts) });
  try {
    const image = onlyOne(whole.inputs, 'input');
    const output = wanted ?? onlyOne(whole.outputs, 'output').name;
    const outputShape = tryGraph(whole, imageShape, output);
    const { topology, names } = nodesBehind(modelTopology, output);
    const weights = weightSpecs
      .filter(({ name }) => names.has(name))
      .map(({ name, shape }) => ({ name, shape, dtype: whole.weights[name]![0]!.dtype }));
    const values = weights.map(({ name }) => tf.clone(whole.weights[name]![0]!));
    return { graph: { topology, input: image.name, output, outputShape, weights }, values };
  } finally {
    whole.dispose();
  }
}

function onlyOne<T extends { readonly name: string }>(nodes: readonly T[], side: 'input' | 'output'): T {
  if (nodes.length === 1) return nodes[0]!;
  throw new InvalidArgumentError({
    argument: 'artifacts',
    expected: `a graph with one ${side}`,
    received: nodes.map(({ name }) => name),
    ...(side === 'output' ? { fix: 'Name the node that gives the features as `output`.' } : {}),
  });
}

/** Shape of one image's features. Two black images show what the graph does not say. */
function tryGraph(
  graph: { execute(images: tf.Tensor, output: string): tf.Tensor | tf.Tensor[] },
  [height, width]: ImageShape,
  output: string,
): number[] {
  let shape: number[];
  try {
    shape = tf.tidy(() => (graph.execute(tf.zeros([2, height, width, 3]), output) as tf.Tensor).shape);
  } catch (error) {
    throw new InvalidArgumentError({
      argument: 'artifacts',
      expected: `a graph that gives ${output} for images [batch, ${height}, ${width}, 3]`,
      received: error instanceof Error ? error.message : String(error),
      fix: 'Pass the `imageShape` that it was made for, and an `output` that it has.',
    });
  }
  const [batch, ...features] = shape;
  if (batch === 2 && features.length > 0) return features;
  throw new InvalidArgumentError({
    argument: 'output',
    expected: 'a node that gives features for each image, [batch, ...]',
    received: { output, shape, batch: 2 },
  });
}
