import type { LayersModel, layers, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { InvalidArgumentError } from 'xray-core';

/** The one input of a model. */
export function inputOf(model: LayersModel): SymbolicTensor {
  return onlyOne(model, 'input', model.inputs);
}

/** The one output of a model. */
export function outputOf(model: LayersModel): SymbolicTensor {
  return onlyOne(model, 'output', model.outputs);
}

function onlyOne(model: LayersModel, side: string, tensors: readonly SymbolicTensor[]): SymbolicTensor {
  if (tensors?.length === 1) return tensors[0]!;
  throw new InvalidArgumentError({
    argument: 'model',
    expected: `a built model with one ${side}`,
    received: { name: model.name, [`${side}s`]: tensors?.length ?? 0 },
  });
}

/** What a layer was called with to make a tensor; nothing for the input of a model. */
export function sourcesOf(tensor: SymbolicTensor): readonly SymbolicTensor[] {
  const { inputTensors } = tensor.sourceLayer.inboundNodes[tensor.nodeIndex]!;
  return inputTensors.filter((source) => source !== tensor); // input layers name their output as their input
}

/**
 * What a layer gives within a model: also where it is called in other models, too.
 *
 * @throws {InvalidArgumentError} If the model's output does not depend on a layer of that name, or on several calls of it.
 */
export function outputOfLayer(model: LayersModel, layerName: string): SymbolicTensor {
  const found = new Set<SymbolicTensor>();
  const seen = new Set<SymbolicTensor>();
  const names: string[] = [];
  const visit = (tensor: SymbolicTensor): void => {
    if (seen.has(tensor)) return;
    seen.add(tensor);
    for (const source of sourcesOf(tensor)) visit(source);
    names.push(tensor.sourceLayer.name);
    if (tensor.sourceLayer.name === layerName) found.add(tensor);
  };
  visit(outputOf(model));
  if (found.size === 1) return [...found][0]!;
  throw new InvalidArgumentError({
    argument: 'layerName',
    expected: found.size === 0 ? 'a layer of the model' : 'a layer that is called once and gives one tensor',
    received: layerName,
    fix: `The last ones of ${model.name} are ${names.slice(-6).join(', ')}; \`describeModel(model)\` lists all.`,
  });
}

/** Layers that a tensor depends on, each after those it depends on. */
export function layersBefore(tensor: SymbolicTensor): layers.Layer[] {
  const found = new Set<layers.Layer>();
  const seen = new Set<SymbolicTensor>();
  const visit = (current: SymbolicTensor): void => {
    if (seen.has(current)) return;
    seen.add(current);
    for (const source of sourcesOf(current)) visit(source);
    found.add(current.sourceLayer);
  };
  visit(tensor);
  return [...found];
}
