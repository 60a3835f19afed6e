import { type KerasLayer, nameOf } from './keras-config.js';
import type { Translation } from './translate-model.js';

/** A tensor: name of the layer that gives it, number of that layer's call, place among the tensors of the call. */
export type NodeReference = [layer: string, node: number, tensor: number];

/** What the calls of a layer refer to. */
export interface GraphFacts {
  /** Names of the layers in the graph. */
  readonly known: ReadonlySet<string>;
  /** Classes of those that are models, by name. */
  readonly models: ReadonlyMap<string, string>;
  readonly translation: Translation;
}

type Arguments = Record<string, unknown>;

/**
 * The calls of a layer as TensorFlow.js reads them: for each call the tensors that go in, with the arguments of the call beside
 * each. Arguments other than `training` and `mask` are problems.
 */
export function translateNodes(layer: KerasLayer, facts: GraphFacts): unknown[] {
  const { problems } = facts.translation;
  return (layer.inbound_nodes ?? []).map((node) => {
    const call = isCall(node) ? tensorsOfCall(node, layer, facts) : tensorsOfNode(node);
    return call.map(([source, index, tensor, given]) => {
      // TensorFlow.js would look for it for ever.
      if (!facts.known.has(source))
        problems.push(`${nameOf(layer)}: takes what ${source} gives, which is not in the model`);
      return [source, index, tensor, checkArguments(layer, given ?? {}, facts.translation)];
    });
  });
}

/** How Keras 3 writes a call. */
interface Call {
  readonly args: readonly unknown[];
  readonly kwargs: Arguments;
}

const isCall = (node: unknown): node is Call => typeof node === 'object' && node !== null && 'args' in node;

type Reference = [...NodeReference, Arguments?];

/** Keras 2 writes the only tensor of an operation without a list around it. */
function tensorsOfNode(node: unknown): Reference[] {
  return typeof (node as unknown[])[0] === 'string' ? [node as Reference] : (node as Reference[]);
}

function tensorsOfCall(
  { args, kwargs }: Call,
  layer: KerasLayer,
  facts: GraphFacts,
): [...NodeReference, Arguments][] {
  const { models, translation } = facts;
  return args.flat().flatMap((argument) => {
    const history = (
      argument as { config?: { keras_history?: NodeReference | undefined } | undefined } | null
    )?.config?.keras_history;
    if (!history) {
      translation.problems.push(
        `${nameOf(layer)}: is called with ${JSON.stringify(argument)}, which is no tensor`,
      );
      return [];
    }
    const [source, node, tensor] = history;
    // A model counts its own graph as its first call; Keras 3 does not, here.
    return [[source, models.has(source) ? node + 1 : node, tensor, kwargs]];
  });
}

function checkArguments(layer: KerasLayer, given: Arguments, { isKeras3, problems }: Translation): Arguments {
  const passed = Object.entries(given).filter(([, value]) => value !== null);
  for (const [name, value] of passed) {
    // TensorFlow.js leaves `training` to who calls the model. So does Keras 3, but Keras 2 insists on it.
    if (name !== 'training' || (value === true && !isKeras3))
      problems.push(`${nameOf(layer)}: is called with ${name} = ${JSON.stringify(value)}`);
  }
  return Object.fromEntries(passed);
}
