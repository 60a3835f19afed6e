import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, it } from 'vitest';
import { createCnn } from 'xray-models';
import { countOperations } from './count-operations.js';
import { formatRows } from './print-rows.js';
import { timeEntries } from './section.js';

const context = { rounds: 3, simdPeak: 50, signal: new AbortController().signal };
const wait = (milliseconds: number) => () => new Promise<void>((done) => setTimeout(done, milliseconds));

describe('timeEntries', () => {
  it('counts operations, compares with the first row and scales small images', async () => {
    const [first, second] = await timeEntries(
      'test',
      [
        { work: 'step', on: 'a', images: 8, gigaOperations: 2, run: wait(10) },
        { work: 'step', on: 'b', images: 1, gigaOperations: 0.5, scaledTo: 2, run: wait(10), mostRounds: 1 },
      ],
      context,
    );
    const seconds = first!.milliseconds!.median / 1000;
    expect(first).toMatchObject({ section: 'test', work: 'step', on: 'a', batch: 8, againstFirst: 1 });
    expect(first!.gigaflops).toBeCloseTo(16 / seconds, 6);
    expect(first!.shareOfSimdPeak).toBeCloseTo(16 / seconds / 50, 6);
    expect(first!.imagesPerSecond!.median).toBeCloseTo(8 / seconds, 6);
    const { median, fastest, slowest } = second!.milliseconds!;
    expect([fastest, slowest]).toEqual([median, median]); // one round
    expect(second!.imagesPerSecond!.median).toBeCloseTo((0.25 * 1000) / median, 6);
    expect(second!.againstFirst).toBeCloseTo((0.5 / median / 16) * first!.milliseconds!.median, 6);
  });

  it('times what runs only once while warming up', async () => {
    let runs = 0;
    const entries = [{ work: '', on: '', images: 1, mostRounds: 0, run: () => void runs++ }];
    const [row] = await timeEntries('test', entries, context);
    expect(runs).toBe(1);
    expect(row!.milliseconds!.median).toBeGreaterThanOrEqual(0);
  });

  it('ends at an abort', async () => {
    const entries = [{ work: '', on: '', images: 1, run: wait(0) }];
    await expect(timeEntries('test', entries, { ...context, signal: AbortSignal.abort() })).rejects.toThrow(
      'The benchmark',
    );
  });
});

describe('formatRows', () => {
  it('writes the columns that a row fills', () => {
    const rows = [
      { section: 'memory', work: 'forward pass', on: 'CNN', batch: 8, peakMegabytes: 201 },
      { section: 'memory', work: 'training step', on: 'CNN', note: 'no memory' },
    ];
    expect(formatRows(rows)).toBe(
      [
        '| work          | on  | batch | peak memory | note      |',
        '| ------------- | --- | ----- | ----------- | --------- |',
        '| forward pass  | CNN | 8     | 201 MB      |           |',
        '| training step | CNN |       |             | no memory |',
      ].join('\n'),
    );
  });
});

describe('countOperations', () => {
  it('counts a multiplication and an addition for every weight and place of the reference CNN', () => {
    const model = createCnn({ imageShape: [224, 224, 3] });
    const places = [222 * 222, 109 * 109, 52 * 52];
    const weights = [9 * 3 * 32, 9 * 32 * 64, 9 * 64 * 128];
    const layers = [...weights.map((count, index) => 2 * count * places[index]!), 2 * 26 * 26 * 128 * 2];
    const forward = layers.reduce((sum, count) => sum + count, 0);
    // Nobody needs the gradient of the images.
    expect(countOperations(model)).toEqual({ forward, step: 3 * forward - layers[0]! });
    model.dispose();
  });
});
