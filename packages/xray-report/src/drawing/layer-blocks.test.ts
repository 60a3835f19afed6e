import { describe, expect, it } from 'vitest';
import { smallCnn } from '../__fixtures__/sample-report.js';
import type { ReportLayer } from '../report-data.js';
import { layerBlocks, MOST_SINGLE_LAYERS } from './layer-blocks.js';

const layer = (type: string, shape: number[], rest: Partial<ReportLayer> = {}): ReportLayer => ({
  name: type,
  type,
  outputShape: [null, ...shape],
  parameters: 10,
  trainableParameters: 10,
  ...rest,
});

describe('layerBlocks', () => {
  it('draws a small network layer by layer', () => {
    const blocks = layerBlocks(smallCnn(2));
    expect(blocks.map(({ title }) => title)).toEqual(smallCnn(2).map(({ type }) => type));
    expect(blocks.map(({ layerCount }) => layerCount)).toEqual(Array(9).fill(1));
    expect(blocks[0]!.shape).toEqual([222, 222, 32]);
  });

  it('puts consecutive layers of a group into one box', () => {
    const blocks = layerBlocks([
      layer('Conv2D', [9, 9, 4], { group: 'base', trainableParameters: 0 }),
      layer('MaxPooling2D', [4, 4, 4], { group: 'base', parameters: 0, trainableParameters: 0 }),
      layer('Dense', [2]),
    ]);
    expect(blocks).toHaveLength(2);
    expect(blocks[0]).toMatchObject({
      title: 'base',
      kind: 'convolution',
      shape: [4, 4, 4],
      layerCount: 2,
      parameters: 10,
      trainableParameters: 0,
    });
  });

  it('draws a deep network by stages of the feature maps, the head layer by layer', () => {
    const stage = (side: number, count: number) =>
      Array.from({ length: count }, () => layer('Conv2D', [side, side, 8]));
    // Branches of different size alternate where a network becomes smaller; they belong to the smaller stage.
    const branches = [
      layer('Conv2D', [8, 8, 8]),
      layer('Conv2D', [16, 16, 8]),
      layer('MaxPooling2D', [8, 8, 8]),
    ];
    const layers = [
      ...stage(32, 20),
      ...stage(16, 12),
      ...branches,
      ...stage(8, 9),
      layer('Flatten', [512]),
      layer('Dense', [3]),
    ];

    const blocks = layerBlocks(layers);
    expect(blocks.map(({ title, layerCount }) => [title, layerCount])).toEqual([
      ['Stage 32×32', 20],
      ['Stage 16×16', 12],
      ['Stage 8×8', 12],
      ['Flatten', 1],
      ['Dense', 1],
    ]);
  });

  it.each([1, 12, MOST_SINGLE_LAYERS, MOST_SINGLE_LAYERS + 1, 311])(
    'loses no layer and no weight of %d',
    (count) => {
      const layers = Array.from({ length: count }, (_, index) => {
        const side = Math.max(1, 64 - (index >> 3) * 4);
        return layer('Conv2D', [side, side, 8], {
          parameters: index,
          trainableParameters: index % 2 === 0 ? index : 0,
        });
      });
      const blocks = layerBlocks(layers);
      const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
      expect(sum(blocks.map(({ layerCount }) => layerCount))).toBe(count);
      expect(sum(blocks.map(({ parameters }) => parameters))).toBe(
        sum(layers.map(({ parameters }) => parameters)),
      );
      expect(sum(blocks.map(({ trainableParameters }) => trainableParameters))).toBe(
        sum(layers.map(({ trainableParameters }) => trainableParameters)),
      );
    },
  );
});
