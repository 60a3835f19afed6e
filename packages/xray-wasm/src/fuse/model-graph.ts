import type { LayersModel, layers, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { InvalidArgumentError } from 'xray-core';

/** One call of a layer. Values are numbered; 0 is the model's input. */
export interface LayerStep {
  readonly layer: layers.Layer;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** A model as the calls of its layers, in an order in which they can run. */
export interface ModelGraph {
  readonly steps: readonly LayerStep[];
  /** Number of the value that the model gives. */
  readonly output: number;
  /** How many values there are. */
  readonly valueCount: number;
}

/**
 * Lists the calls that a model's output needs. Layers that are called several times appear several times; models inside
 * the model are replaced by their layers.
 *
 * @throws {InvalidArgumentError} If the model does not have one input and one output.
 */
export function flattenModel(model: LayersModel): ModelGraph {
  if (!isSinglePath(model)) {
    throw new InvalidArgumentError({
      argument: 'model',
      expected: 'a built model with one input and one output',
      received: { name: model.name, inputs: model.inputs?.length, outputs: model.outputs?.length },
    });
  }
  const steps: LayerStep[] = [];
  let valueCount = 1;

  const trace = (tensor: SymbolicTensor, values: Map<SymbolicTensor, number>): number => {
    const known = values.get(tensor);
    if (known !== undefined) return known;
    const { sourceLayer: layer, nodeIndex } = tensor;
    const { inputTensors, outputTensors } = layer.inboundNodes[nodeIndex]!;
    const inputs = inputTensors.map((input) => trace(input, values));
    let outputs: number[];
    if (isSinglePath(layer)) outputs = [traceModel(layer, inputs[0]!)];
    else {
      outputs = outputTensors.map(() => valueCount++);
      steps.push({ layer, inputs, outputs });
    }
    outputTensors.forEach((output, index) => {
      values.set(output, outputs[index]!);
    });
    return values.get(tensor)!;
  };
  const traceModel = ({ inputs, outputs }: SinglePath, value: number): number =>
    trace(outputs[0], new Map([[inputs[0], value]]));

  return { output: traceModel(model, 0), steps, valueCount };
}

/** What models have and layers do not. */
interface SinglePath {
  readonly inputs: readonly [SymbolicTensor];
  readonly outputs: readonly [SymbolicTensor];
}

function isSinglePath(layer: object): layer is SinglePath {
  const { inputs, outputs, layers: inner } = layer as Partial<LayersModel>;
  return inner !== undefined && inputs?.length === 1 && outputs?.length === 1;
}
