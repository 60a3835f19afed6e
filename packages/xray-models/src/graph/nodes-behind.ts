interface Node {
  readonly name: string;
  readonly input?: readonly string[] | undefined;
}

/**
 * Leaves away the nodes of a graph that one of them does not depend on, such as the classifier behind the features.
 *
 * @param topology - A graph as TensorFlow writes it; other fields than its nodes are kept.
 * @param output - Name of the node, with or without the number of its tensor.
 */
export function nodesBehind(
  topology: object,
  output: string,
): { topology: object; names: ReadonlySet<string> } {
  const { node: nodes } = topology as { node: readonly Node[] };
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const names = new Set<string>();
  const open = [output];
  for (let reference = open.pop(); reference !== undefined; reference = open.pop()) {
    const name = reference.replace(/^\^/, '').replace(/:\d+$/, ''); // ^ marks what only has to run before
    if (names.has(name)) continue;
    names.add(name);
    open.push(...(byName.get(name)?.input ?? []));
  }
  return { topology: { ...topology, node: nodes.filter(({ name }) => names.has(name)) }, names };
}
