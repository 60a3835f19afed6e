import { createRandom, type Predictions } from 'xray-core';
import {
  auroc,
  evaluatePredictions,
  pneumoniaScores,
  predictionsFromCsv,
  predictionsToCsv,
} from 'xray-metrics';
import { type BenchContext, type BenchRow, type Entry, timeEntries } from './section.js';

const ROWS = 1_000_000;

/** What evaluating a million predictions takes; images are rows here. */
export async function benchMetrics(context: BenchContext): Promise<BenchRow[]> {
  const predictions = drawPredictions(ROWS);
  const scores = pneumoniaScores(predictions);
  const csv = predictionsToCsv(predictions);
  const entry = (work: string, run: () => unknown): Entry => ({
    work,
    on: `${ROWS.toLocaleString('en')} rows`,
    images: ROWS,
    run: async () => {
      await run();
    },
  });
  const rounds = Math.min(context.rounds, 3);
  const entries = [
    entry('auroc', () => auroc(predictions.labels, scores)),
    entry('whole evaluation', () => evaluatePredictions(predictions)),
    entry('write CSV', () => predictionsToCsv(predictions)),
    entry('read CSV', () => predictionsFromCsv(csv)),
  ];
  return timeEntries('metrics', entries, { ...context, rounds });
}

function drawPredictions(size: number): Predictions {
  const random = createRandom(7).stream('bench-metrics');
  const labels = Int32Array.from({ length: size }, () => random.integer(0, 2));
  const probabilities = new Float32Array(2 * size);
  for (let row = 0; row < size; row++) {
    const score = 1 / (1 + Math.exp(-random.normal(2 * labels[row]! - 1, 1.5)));
    probabilities[2 * row] = 1 - score;
    probabilities[2 * row + 1] = score;
  }
  return {
    ids: Array.from(labels, (_, row) => `image-${row}`),
    classNames: ['normal', 'pneumonia'],
    labels,
    probabilities,
  };
}
