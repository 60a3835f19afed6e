import type { Predictions } from 'xray-core';
import { decidedLabels, predictedLabels } from '../two-class-view.js';
import { checkPredictions } from './check-predictions.js';
import { shortestFloat32 } from './predictions-json.js';

/** Options of `predictionsToCsv`. */
export interface PredictionsCsvOptions {
  /** In `[0, 1]`: `predicted` is the class at this threshold, as in `classify`. @default the most probable class */
  readonly threshold?: number | undefined;
}

/**
 * Writes predictions as CSV text: `id,patient,label,predicted,p_<class>,...`, with class names for labels, one row per image;
 * without `patient` where patients are unknown.
 * `predictionsFromCsv` reads it again, bit for bit.
 *
 * @throws {InvalidArgumentError} If `predictions` is not consistent.
 */
export function predictionsToCsv(predictions: Predictions, options: PredictionsCsvOptions = {}): string {
  const { threshold } = options;
  checkPredictions(predictions);
  const { ids, patientIds, classNames, labels, probabilities } = predictions;
  const predicted =
    threshold === undefined ? predictedLabels(predictions) : decidedLabels(predictions, threshold);
  const names = classNames.map(quote);
  const header = ['id', ...(patientIds ? ['patient'] : []), 'label', 'predicted'];
  const lines = [[...header, ...classNames.map((name) => quote(`p_${name}`))].join(',')];
  for (let image = 0; image < labels.length; image++) {
    let line = quote(ids[image]!);
    if (patientIds) line += `,${quote(patientIds[image]!)}`;
    line += `,${names[labels[image]!]},${names[predicted[image]!]}`;
    for (let label = 0; label < classNames.length; label++) {
      line += `,${shortestFloat32(probabilities[image * classNames.length + label]!)}`;
    }
    lines.push(line);
  }
  return `${lines.join('\n')}\n`;
}

const quote = (text: string): string =>
  /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
