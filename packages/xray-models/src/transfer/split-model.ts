import { input, type LayersModel, model as modelOf, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { InvalidArgumentError } from 'xray-core';
import { inputOf, outputOf, outputOfLayer, rebuildOn, sourcesOf } from './trace-graph.js';

/** Two views of one model, which they share layers and weights with. */
export interface SplitModel {
  /** From the model's input to the features `[batch, ...]`. Not to be disposed: it holds nothing of its own. */
  readonly base: LayersModel;
  /** From the features to the model's output. `head.dispose()` gives up this view and leaves the model as it is. */
  readonly head: LayersModel;
}

/**
 * Views a model as a base that gives features and a head that takes them, so that the features of a frozen base can be
 * computed once. Layers and weights are those of the model: what the head learns, the model knows.
 *
 * @param model - With one input and one output; stays usable.
 * @param layerName - Last layer of the base; the head must see nothing of the model but what it gives.
 * @throws {InvalidArgumentError} If there is no such layer, or a branch leads past it.
 *
 * @example
 * const { base, head } = splitModel(model, 'mixed10');
 */
export function splitModel(model: LayersModel, layerName: string): SplitModel {
  const cut = outputOfLayer(model, layerName);
  checkNoBypass(outputOf(model), cut);
  const features = input({ shape: cut.shape.slice(1), name: `${layerName}_features` });
  return {
    base: modelOf({ inputs: inputOf(model), outputs: cut, name: `${model.name}_base` }),
    head: modelOf({
      inputs: features,
      outputs: rebuildOn(outputOf(model), new Map([[cut, features]])),
      name: `${model.name}_head`,
    }),
  };
}

function checkNoBypass(output: SymbolicTensor, cut: SymbolicTensor): void {
  const seen = new Set<SymbolicTensor>([cut]);
  const visit = (tensor: SymbolicTensor): void => {
    if (seen.has(tensor)) return;
    seen.add(tensor);
    const sources = sourcesOf(tensor);
    if (sources.length === 0) {
      throw new InvalidArgumentError({
        argument: 'layerName',
        expected: 'a layer that everything behind it depends on',
        received: cut.sourceLayer.name,
        fix: 'Pick one where all branches meet, such as mixed10 of InceptionV3.',
      });
    }
    sources.forEach(visit);
  };
  visit(output);
}
