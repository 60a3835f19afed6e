import type { ReportLayer } from '../report-data.js';
import { type LayerKind, layerKind } from './layer-kind.js';

/** One box of the drawing: a layer, or several that follow each other. */
export interface LayerBlock {
  readonly title: string;
  readonly kind: LayerKind;
  /** Shape that leaves the box, without the batch axis. */
  readonly shape: readonly (number | null)[];
  readonly layerCount: number;
  readonly parameters: number;
  readonly trainableParameters: number;
  readonly detail: string | undefined;
}

/** Networks with more layers are drawn by stages. */
export const MOST_SINGLE_LAYERS = 24;

/**
 * Cuts a list of layers into boxes. Consecutive layers of one `group` are one box. In a network that is still too
 * deep to draw layer by layer, layers are also put together as long as their feature maps do not become smaller
 * than any before; layers without height and width stay alone.
 */
export function layerBlocks(layers: readonly ReportLayer[]): readonly LayerBlock[] {
  const single = blocksByKey(layers, (layer, index) => layer.group ?? index);
  if (single.length <= MOST_SINGLE_LAYERS) return single;

  let smallest = Number.POSITIVE_INFINITY;
  return blocksByKey(layers, (layer, index) => {
    const area = featureMapArea(layer);
    if (area !== null) smallest = Math.min(smallest, area);
    return layer.group ?? (area === null ? index : `area ${smallest}`);
  });
}

/** One block for each run of layers with the same key. */
function blocksByKey(
  layers: readonly ReportLayer[],
  keyOf: (layer: ReportLayer, index: number) => string | number,
): readonly LayerBlock[] {
  const runs: { readonly key: string | number; readonly layers: ReportLayer[] }[] = [];
  layers.forEach((layer, index) => {
    const key = keyOf(layer, index);
    const run = runs.at(-1);
    if (run !== undefined && run.key === key) run.layers.push(layer);
    else runs.push({ key, layers: [layer] });
  });
  return runs.map((run) => toBlock(run.layers));
}

/** Height times width; `null` for vectors and unknown sizes. */
function featureMapArea({ outputShape }: ReportLayer): number | null {
  if (outputShape.length !== 4) return null;
  const [, height, width] = outputShape;
  return typeof height === 'number' && typeof width === 'number' ? height * width : null;
}

function toBlock(layers: readonly ReportLayer[]): LayerBlock {
  const sum = (pick: (layer: ReportLayer) => number) =>
    layers.reduce((total, layer) => total + pick(layer), 0);
  const last = layers.at(-1)!;
  const shape = last.outputShape.slice(1);
  const largest = layers.reduce((winner, layer) => (layer.parameters > winner.parameters ? layer : winner));
  return {
    title: last.group ?? (layers.length === 1 ? last.type : `Stage ${shape.slice(0, 2).join('×')}`),
    kind: layerKind(largest.type),
    shape,
    layerCount: layers.length,
    parameters: sum(({ parameters }) => parameters),
    trainableParameters: sum(({ trainableParameters }) => trainableParameters),
    detail: layers.length === 1 ? last.detail : undefined,
  };
}
