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

/** Calls a layer on tensors; `place` is that of the wanted tensor among those it gives. */
type Call = (layer: layers.Layer, sources: SymbolicTensor[], place: number) => SymbolicTensor;

const applyLayer: Call = (layer, sources, place) => {
  const made = layer.apply(sources.length === 1 ? sources[0]! : sources);
  return (Array.isArray(made) ? made[place]! : made) as SymbolicTensor;
};

/**
 * What a tensor becomes where others are put in the place of those that it depends on: the same layers, called once more.
 *
 * @param replacements - Everything that `tensor` depends on must come through their keys.
 */
export function rebuildOn(
  tensor: SymbolicTensor,
  replacements: ReadonlyMap<SymbolicTensor, SymbolicTensor>,
  call: Call = applyLayer,
): SymbolicTensor {
  const copies = new Map(replacements);
  const rebuild = (current: SymbolicTensor): SymbolicTensor => {
    const known = copies.get(current);
    if (known) return known;
    const sources = sourcesOf(current).map(rebuild);
    const copy = call(current.sourceLayer, sources, current.outputTensorIndex ?? 0);
    copies.set(current, copy);
    return copy;
  };
  return rebuild(tensor);
}

/** The same with the layers of models within the model in their place. Layers of a frozen one are frozen, too. */
export function rebuildFlat(
  tensor: SymbolicTensor,
  replacements: ReadonlyMap<SymbolicTensor, SymbolicTensor>,
): SymbolicTensor {
  return rebuildOn(tensor, replacements, (layer, sources, place) => {
    if (!('layers' in layer)) return applyLayer(layer, sources, place);
    const inner = layer as LayersModel;
    if (!inner.trainable) for (const each of inner.layers) each.trainable = false;
    return rebuildFlat(
      inner.outputs[place]!,
      new Map(inner.inputs.map((source, index) => [source, sources[index]!])),
    );
  });
}
