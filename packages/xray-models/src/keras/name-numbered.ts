import { groupBy } from '../group-by.js';
import type { LayerWeights } from '../weights/layer-weights.js';
import { isModel, type KerasLayer, nameOf, snakeCase } from './keras-config.js';
import type { NumberedLayer } from './numbered-weights.js';

/**
 * Gives numbered layers their names and their order: those of the architecture, where the file has it. Without one the names are
 * those that the file has, and the order is known within a class only.
 */
export function nameNumbered(numbered: readonly NumberedLayer[], model?: KerasLayer): LayerWeights[] {
  if (!model) return withKinds(numbered);
  const names = new Map(pathsOf(model, ''));
  const places = new Map([...names.keys()].map((path, place) => [path, place]));
  const placeOf = ({ path }: NumberedLayer) => places.get(path) ?? places.size;
  return numbered
    .toSorted((a, b) => placeOf(a) - placeOf(b))
    .map(({ path, name, weights }) => ({ layer: names.get(path) ?? name ?? path, weights }));
}

function pathsOf({ config }: KerasLayer, parent: string): [path: string, name: string][] {
  const counts = new Map<string, number>();
  return (config.layers ?? []).flatMap((layer) => {
    const kind = snakeCase(layer.class_name);
    const count = counts.get(kind) ?? 0;
    counts.set(kind, count + 1);
    const path = `${parent}${kind}${count > 0 ? `_${count}` : ''}`;
    return isModel(layer) ? pathsOf(layer, `${path}/`) : [[path, nameOf(layer)] as [string, string]];
  });
}

function withKinds(numbered: readonly NumberedLayer[]): LayerWeights[] {
  const classOf = (path: string) => path.replace(/_\d+$/, '');
  const homes = groupBy(
    new Set(numbered.map(({ path }) => classOf(path))),
    (kind) => kind.split('/').at(-1)!,
  );
  return numbered.map(({ path, name, weights }) => {
    const home = classOf(path);
    const kind = home.split('/').at(-1)!;
    // Layers of one class in several models: nothing says which model comes first.
    const isOrdered = homes.get(kind)!.length === 1;
    return { layer: name ?? `layers/${path}`, kind: isOrdered ? kind : home, weights };
  });
}
