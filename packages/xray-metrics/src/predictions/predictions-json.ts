import { FileError, type Predictions } from 'xray-core';
import { checkPredictions } from './check-predictions.js';

const FORMAT = 'xray-predictions';
const VERSION = 1;

/** What the JSON text holds. */
interface StoredPredictions
  extends Pick<Predictions, 'ids' | 'patientIds' | 'classNames' | 'testTimeAugmentation'> {
  readonly format: typeof FORMAT;
  readonly version: number;
  readonly labels: readonly number[];
  readonly probabilities: readonly number[];
}

/**
 * Writes predictions as JSON text: `format`, `version` and the fields of `Predictions`, typed arrays as lists, in the
 * fewest digits that give the same float32 again.
 *
 * @throws {InvalidArgumentError} If `predictions` is not consistent.
 */
export function predictionsToJson(predictions: Predictions): string {
  checkPredictions(predictions);
  const { ids, patientIds, classNames, labels, probabilities, testTimeAugmentation } = predictions;
  const stored: StoredPredictions = {
    format: FORMAT,
    version: VERSION,
    classNames,
    ids,
    ...(patientIds && { patientIds }),
    labels: [...labels],
    probabilities: Array.from(probabilities, shortestFloat32),
    ...(testTimeAugmentation && { testTimeAugmentation }),
  };
  return `${JSON.stringify(stored)}\n`;
}

/**
 * Reads what `predictionsToJson` wrote, bit for bit.
 *
 * @param name - Of the file, for errors. @default 'predictions.json'
 * @throws {FileError} If it is no JSON or of another format or version.
 * @throws {InvalidArgumentError} If the predictions in it are not consistent.
 */
export function predictionsFromJson(text: string, name = 'predictions.json'): Predictions {
  const stored = parse(text, name);
  if (stored?.format !== FORMAT || stored.version !== VERSION) {
    throw new FileError({
      file: name,
      problem: `is not of the format ${FORMAT}, version ${VERSION}`,
      fix: 'Write it with `predictionsToJson`, or read a table with `predictionsFromCsv`.',
    });
  }
  const { ids, patientIds, classNames, labels, probabilities, testTimeAugmentation } = stored;
  if (![ids, classNames, labels, probabilities].every(Array.isArray)) {
    throw new FileError({ file: name, problem: 'lacks ids, classNames, labels or probabilities' });
  }
  const predictions: Predictions = {
    ids,
    ...(patientIds && { patientIds }),
    classNames,
    labels: Int32Array.from(labels),
    probabilities: Float32Array.from(probabilities, (value) => (value === null ? Number.NaN : value)),
    ...(testTimeAugmentation && { testTimeAugmentation }),
  };
  checkPredictions(predictions);
  return predictions;
}

function parse(text: string, name: string): StoredPredictions | null {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FileError({ file: name, problem: 'is not valid JSON', cause });
  }
}

/** @internal The double with the fewest digits that rounds to the same float32. */
export function shortestFloat32(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}
