import type { layers } from '@tensorflow/tfjs-layers';
import {
  type BlockActivation,
  type ConvolutionSettings,
  isMaxPool2x2,
  readActivation,
  readBatchNorm,
  readConvolution,
} from './layer-settings.js';
import type { LayerStep, ModelGraph } from './model-graph.js';

/** Layers that run as one operation. */
export interface BlockStep {
  /** All of them, in the order in which the model calls them. */
  readonly layers: readonly layers.Layer[];
  readonly convolution: ConvolutionSettings;
  /** Folded into the weights of the convolution. */
  readonly batchNorm: layers.Layer | undefined;
  readonly activation: BlockActivation;
  /** Max pooling of 2 x 2. */
  readonly pool: layers.Layer | undefined;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

export type Step = LayerStep | BlockStep;

/**
 * Joins a convolution with the layers after it where nobody else reads what lies between them: batch norm, ReLU or
 * ReLU6, and max pooling of 2 x 2.
 *
 * @param normalizesAsInInference - Whether a batch norm layer uses its moving statistics; only then it can be joined.
 */
export function findBlocks(
  { steps, output }: ModelGraph,
  normalizesAsInInference: (batchNorm: layers.Layer) => boolean,
): Step[] {
  const readers = new Map<number, LayerStep[]>();
  for (const step of steps) {
    for (const input of step.inputs) readers.set(input, [...(readers.get(input) ?? []), step]);
  }
  const nextOf = ({ outputs }: LayerStep, suits: (layer: layers.Layer) => boolean): LayerStep | undefined => {
    const [value] = outputs;
    const [next, ...others] = readers.get(value!) ?? [];
    return next && others.length === 0 && value !== output && suits(next.layer) ? next : undefined;
  };

  const joined = new Set<LayerStep>();
  return steps.flatMap((first): Step[] => {
    if (joined.has(first)) return [];
    const convolution = readConvolution(first.layer);
    if (!convolution) return [first];
    const chain = [first];
    const join = (suits: (layer: layers.Layer) => boolean): layers.Layer | undefined => {
      const next = nextOf(chain.at(-1)!, suits);
      if (next) chain.push(next);
      return next?.layer;
    };
    const isFoldable = (layer: layers.Layer) =>
      readBatchNorm(layer) !== undefined && normalizesAsInInference(layer);
    const isLinear = convolution.activation === 'linear';
    const batchNorm = isLinear ? join(isFoldable) : undefined;
    const activationLayer = isLinear ? join((layer) => readActivation(layer) !== undefined) : undefined;
    const activation = activationLayer ? readActivation(activationLayer)! : convolution.activation;
    const isOneKernel = activation === 'relu' && convolution.isPlain;
    const pool = isOneKernel ? join(isMaxPool2x2) : undefined;
    const hasGradientsApart = isLinear && !convolution.isDepthwise;
    if (!isOneKernel && !batchNorm && !(hasGradientsApart && chain.length === 1)) return [first];
    for (const step of chain) joined.add(step);
    return [
      {
        layers: chain.map(({ layer }) => layer),
        ...{ convolution, batchNorm, activation, pool },
        inputs: first.inputs,
        outputs: chain.at(-1)!.outputs,
      },
    ];
  });
}
