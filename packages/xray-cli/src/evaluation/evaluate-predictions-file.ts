import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Evaluation, FileError, type Predictions, type ThresholdRule } from 'xray-core';
import {
  chooseThreshold,
  evaluatePredictions,
  predictionsFromCsv,
  predictionsFromJson,
  predictionsToCsv,
} from 'xray-metrics';
import { NOT_A_MEDICAL_DEVICE } from 'xray-models';
import { createReport } from 'xray-report';
import type { ExperimentEvent } from '../experiment/experiment-options.js';
import { evaluationPart } from '../reporting/report-parts.js';
import { hostFacts } from '../run-folder/run-facts.js';
import { planRun } from '../run-folder/run-folder.js';

/** Options of `evaluatePredictionsFile`. */
export interface PredictionsFileOptions {
  /** CSV (`id,label,p_<class>,...`, and `patient` where it is known) or JSON, as of `predictionsToCsv` and `predictionsToJson`. */
  readonly predictions: string;
  /** Folder to create for the report and its tables; it must be empty. */
  readonly output: string;
  /** The same of validation images, on which the threshold is chosen. @default the threshold is 0.5 */
  readonly validation?: string | undefined;
  /** How it is chosen. @default 'youden' */
  readonly thresholdRule?: ThresholdRule | undefined;
  /** Names of columns where they are others; one column of probabilities is that of the positive class. @default id, label, patient, p_... */
  readonly columns?:
    | {
        readonly id?: string | undefined;
        readonly label?: string | undefined;
        readonly patient?: string | undefined;
        readonly probabilities?: string | readonly string[] | undefined;
      }
    | undefined;
  /** In the order of the columns of probabilities, the negative class first. @default their names */
  readonly classNames?: readonly string[] | undefined;
  /** Drives the intervals. @default 7 */
  readonly seed?: number | undefined;
  /** How this was called, for `run.json` and the report. @default unknown */
  readonly command?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Receives progress and sentences in order. An error thrown here stops the work. */
  readonly onEvent?: ((event: ExperimentEvent) => void) | undefined;
}

/**
 * Measures predictions that any program made, and writes a report: no model and no images are needed.
 *
 * @throws {FileError} If the file cannot be read, or `output` is not empty.
 * @throws {InvalidArgumentError} If predictions are not consistent, or the rule finds no threshold.
 *
 * @example
 * const { evaluation } = await evaluatePredictionsFile({ predictions: 'model-b.csv', output: 'runs/model-b' });
 */
export async function evaluatePredictionsFile(
  options: PredictionsFileOptions,
): Promise<{ readonly folder: string; readonly evaluation: Evaluation }> {
  const { validation, thresholdRule = validation ? 'youden' : 'half', seed = 7, signal, onEvent } = options;
  const name = basename(options.predictions);
  const predictions = await readPredictions(options.predictions, options);
  const threshold = validation
    ? chooseThreshold(await readPredictions(validation, options), thresholdRule)
    : 0.5;
  const run = await planRun(options.output, { resume: false });
  const evaluation = await evaluatePredictions(predictions, {
    threshold,
    thresholdRule,
    intervals: { seed },
    signal,
    onProgress: onEvent,
  });
  const facts = { command: options.command ?? null, ...hostFacts(), predictions: name };
  const { folder } = await run.start({ settings: { seed, thresholdRule, threshold } });
  await folder.writeText('predictions.csv', predictionsToCsv(predictions, { threshold }));
  await folder.writeJson('evaluation.json', evaluation);
  const patients = predictions.patientIds
    ? `${new Set(predictions.patientIds).size} patients`
    : 'unknown patients, so that each image counts as one';
  const report = createReport({
    title: `Evaluation of ${name}`,
    summary: `${predictions.ids.length} images of ${patients}. ${NOT_A_MEDICAL_DEVICE}`,
    evaluations: [evaluationPart('predictions', predictions, evaluation)],
    run: facts,
  });
  await folder.writeText('report.html', report);
  await folder.writeJson('run.json', { status: 'finished', ...facts });
  return { folder: folder.path, evaluation };
}

async function readPredictions(
  file: string,
  { columns, classNames }: PredictionsFileOptions,
): Promise<Predictions> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new FileError({ file, problem: 'could not be read', fix: 'Expected predictions.', cause });
  }
  if (file.endsWith('.json')) return predictionsFromJson(text, file);
  return predictionsFromCsv(text, { name: file, columns, classNames });
}
