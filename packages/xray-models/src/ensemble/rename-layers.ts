interface Named {
  readonly class_name?: string | undefined;
  readonly name?: string | undefined;
  readonly config: Readonly<Record<string, unknown>>;
  readonly inbound_nodes?: unknown;
}

/** `[layer, node, tensor, ...]` */
type Reference = readonly [layer: string, ...rest: unknown[]];

/**
 * @internal A model's topology with a prefix before the name of every layer, also of models within the model, so that several
 * models, or copies of one, can be parts of another. The order of layers and weights stays.
 *
 * @param topology - What `model.toJSON(null, false)` gives, of a functional model.
 */
export function renameLayers(topology: object, prefix: string): object {
  const { model_config: inner } = topology as { model_config?: Named | undefined };
  return inner ? { ...topology, model_config: rename(inner, prefix) } : rename(topology as Named, prefix);
}

function rename(described: Named, prefix: string): Named {
  const { config } = described;
  const renamed: Record<string, unknown> = { ...config };
  if (typeof config.name === 'string') renamed.name = prefix + config.name;
  if (Array.isArray(config.layers)) {
    renamed.layers = config.layers.map((layer: Named) => rename(layer, prefix));
    for (const side of ['input_layers', 'output_layers']) {
      renamed[side] = (config[side] as Reference[]).map(([name, ...rest]) => [prefix + name, ...rest]);
    }
  }
  return {
    ...described,
    ...(described.name === undefined ? {} : { name: prefix + described.name }),
    ...(described.inbound_nodes === undefined
      ? {}
      : { inbound_nodes: renameNodes(described.inbound_nodes, prefix) }),
    config: renamed,
  };
}

/** References stand in lists of lists, and among the arguments of a call. */
function renameNodes(nodes: unknown, prefix: string): unknown {
  if (!Array.isArray(nodes)) return nodes;
  return typeof nodes[0] === 'string' && typeof nodes[1] === 'number'
    ? [prefix + nodes[0], ...nodes.slice(1)]
    : nodes.map((node) => renameNodes(node, prefix));
}
