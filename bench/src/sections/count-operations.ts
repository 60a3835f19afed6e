import type { layers, SymbolicTensor } from '@tensorflow/tfjs-layers';

type Layer = layers.Layer;

/** Multiplications and additions that a model needs for one image. */
export interface Operations {
  /** One forward pass. */
  readonly forward: number;
  /** One training step: forward, gradients of the trainable weights, gradients of the inputs they need. */
  readonly step: number;
}

/**
 * Counts what convolutions and dense layers compute for one image, a multiplication and an addition as two; all else
 * is small beside them. The count is that of the direct convolution, whatever a kernel really does, so "GFLOPS" of a
 * Winograd kernel are equivalents.
 *
 * @param model - Its weights' `trainable` decides which gradients count.
 */
export function countOperations(model: layers.Layer & { layers: Layer[] }): Operations {
  const reachesTrainable = new Map<SymbolicTensor, boolean>();
  const dependsOnTrainable = (tensor: SymbolicTensor): boolean => {
    const known = reachesTrainable.get(tensor);
    if (known !== undefined) return known;
    const answer = tensor.sourceLayer.trainableWeights.length > 0 || tensor.inputs.some(dependsOnTrainable);
    reachesTrainable.set(tensor, answer);
    return answer;
  };
  let forward = 0;
  let step = 0;
  for (const layer of model.layers) {
    const operations = operationsOf(layer);
    if (operations === 0) continue;
    const needsFilterGradient = layer.trainableWeights.length > 0;
    const needsInputGradient = (layer.input as SymbolicTensor).inputs
      ? dependsOnTrainable(layer.input as SymbolicTensor)
      : false;
    forward += operations;
    step += operations * (1 + Number(needsFilterGradient) + Number(needsInputGradient));
  }
  return { forward, step };
}

function operationsOf(layer: Layer): number {
  const kernel = layer.weights.find(({ shape }) => shape.length === 2 || shape.length === 4)?.shape;
  if (!kernel) return 0;
  const multiplications = (kernel as number[]).reduce((product, size) => product * size, 1);
  const [, height, width] = layer.outputShape as number[];
  const places = kernel.length === 4 ? height! * width! : 1;
  return 2 * multiplications * places;
}
