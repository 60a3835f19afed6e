/** A layer or model as TensorFlow.js and Keras write it down; more fields than these are kept. */
interface Description {
  readonly class_name: string;
  readonly name?: string | undefined;
  readonly config: Config | readonly Description[];
  readonly inbound_nodes?: unknown;
}

interface Config {
  readonly name?: string | undefined;
  readonly layers?: readonly Description[] | undefined;
  readonly batch_input_shape?: unknown;
}

/**
 * Writes sequential models, also those within other models, down as graphs of the same layers: TensorFlow.js 4.22 loses
 * its custom objects on the way into a sequential model and fails.
 *
 * @param topology - What `model.toJSON(null, false)` gives, or the `modelTopology` of a saved model.
 */
export function functionalTopology(topology: object): object {
  const { model_config: inner } = topology as { model_config?: Description | undefined };
  if (inner) return { ...topology, model_config: functional(inner) };
  return functional(topology as Description);
}

function functional(description: Description): Description {
  const config = Array.isArray(description.config)
    ? { layers: description.config as readonly Description[] } // as early versions wrote it
    : (description.config as Config);
  if (!Array.isArray(config.layers)) return description;
  const layers = config.layers.map(functional);
  if (description.class_name !== 'Sequential') return { ...description, config: { ...config, layers } };

  const first = layers[0]!;
  const hasInput = first.class_name === 'InputLayer';
  const inputName = hasInput ? nameOf(first) : `${nameOf(first)}_input`;
  const rest = hasInput ? layers.slice(1) : layers;
  // A model counts its own graph as its first call.
  const outputOf = (layer: Description) => [nameOf(layer), 'layers' in layer.config ? 1 : 0, 0];
  const chain = rest.map((layer, place) => ({
    ...layer,
    name: nameOf(layer),
    inbound_nodes: [[[...(place === 0 ? [inputName, 0, 0] : outputOf(rest[place - 1]!)), {}]]],
  }));
  const last = chain.at(-1);
  return {
    ...description,
    class_name: 'Model',
    config: {
      name: config.name ?? 'sequential',
      layers: [inputLayer(inputName, inputShapeOf(first)), ...chain],
      input_layers: [[inputName, 0, 0]],
      output_layers: [last ? outputOf(last) : [inputName, 0, 0]],
    } as Config,
  };
}

function inputLayer(name: string, shape: unknown): Description {
  const config = { batch_input_shape: shape, dtype: 'float32', sparse: false, name };
  return { class_name: 'InputLayer', name, config, inbound_nodes: [] };
}

const nameOf = ({ name, config }: Description): string => (config as Config).name ?? name ?? '';

/** Of the first layer, or of the first layer of the model that it is. */
function inputShapeOf({ config }: Description): unknown {
  const { batch_input_shape: shape, layers } = config as Config;
  return shape ?? (layers?.[0] ? inputShapeOf(layers[0]) : undefined);
}
