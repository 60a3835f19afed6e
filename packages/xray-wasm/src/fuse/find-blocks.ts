import type { layers } from '@tensorflow/tfjs-layers';
import {
  type ConvolutionSettings,
  isMaxPool2x2,
  isRelu,
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
  readonly relu: boolean;
  /** Max pooling of 2 x 2. */
  readonly pool: layers.Layer | undefined;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

export type Step = LayerStep | BlockStep;

/**
 * Joins a convolution with the layers after it where nobody else reads what lies between them: batch norm (only with
 * `foldBatchNorm`), ReLU, and max pooling of 2 x 2.
 */
export function findBlocks({ steps, output }: ModelGraph, options: { foldBatchNorm: boolean }): Step[] {
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
    const hasRelu = convolution.activation === 'relu';
    const batchNorm =
      options.foldBatchNorm && !hasRelu ? join((layer) => readBatchNorm(layer) !== undefined) : undefined;
    const relu = hasRelu || join(isRelu) !== undefined;
    const isOneKernel = relu && convolution.isDense;
    const pool = isOneKernel ? join(isMaxPool2x2) : undefined;
    if (!isOneKernel && !batchNorm) return [first];
    for (const step of chain) joined.add(step);
    return [
      {
        layers: chain.map(({ layer }) => layer),
        ...{ convolution, batchNorm, relu, pool },
        inputs: first.inputs,
        outputs: chain.at(-1)!.outputs,
      },
    ];
  });
}
