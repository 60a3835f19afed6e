import {
  type ClassList,
  ClassMismatchError,
  type Evaluation,
  InvalidArgumentError,
  type Predictions,
  type Sample,
  type Split,
  type TestTimeAugmentation,
} from 'xray-core';
import { countClasses, createBatches, createPixelStore, type PixelStore } from 'xray-dataset';
import { loadSplit } from 'xray-dataset/node';
import { evaluatePredictions, evaluateShifts, predictionsToCsv } from 'xray-metrics';
import { describeModel, type ModelBundle } from 'xray-models';
import type { Device } from 'xray-node-gpu';
import { createReport, type ReportNote } from 'xray-report';
import { predict } from 'xray-train';
import type { DatasetOptions } from '../data/dataset-options.js';
import { DECODE_CONCURRENCY } from '../data/decode-concurrency.js';
import { noteLines } from '../data/image-notes.js';
import { describeSkippedRows, type IndexedData, indexData } from '../data/index-data.js';
import { haveSameClasses } from '../data/parse-class-list.js';
import { describePatients, unknownPatientNotes } from '../data/patient-notes.js';
import { fastForward, withReplicas } from '../devices/workers.js';
import type { ExperimentEvent } from '../experiment/experiment-options.js';
import { openBundle } from '../prediction/open-bundle.js';
import { evaluationPart, mistakesPart, pixelNotes, splitPart } from '../reporting/report-parts.js';
import { machineFacts } from '../run-folder/run-facts.js';
import { planRun } from '../run-folder/run-folder.js';
import { predictUnderShifts } from './measure-under-shifts.js';
import { seenImagesNotes } from './seen-images.js';

/** Options of `evaluateBundle`. */
export interface EvaluateOptions extends DatasetOptions {
  /** Where it computes, from `selectDevice` of `xray-node-gpu`. The caller disposes it. */
  readonly device: Device;
  /** Run or model folders, several for the mean of several models. @default the trained model of `xray-model-pneumonia` */
  readonly models?: readonly string[] | undefined;
  /** Folder to create for the report and its tables; it must be empty. */
  readonly output: string;
  /** A saved split of these images, such as `split.json` of the run that trained the model. @default none */
  readonly split?: string | undefined;
  /** Only the images in this split of the data. @default `test` with `split`, all images without */
  readonly on?: Split | undefined;
  /** The classes of the model, with the findings that they cover in these images. @default as in training */
  readonly classList?: ClassList | undefined;
  /** Drives the intervals. @default 7 */
  readonly seed?: number | undefined;
  /** Also measures images changed as those from elsewhere differ. @default false */
  readonly shifts?: boolean | undefined;
  /** Averages over changed copies of every image. @default none */
  readonly testTimeAugmentation?: TestTimeAugmentation | undefined;
  /** Most memory of each worker's device, in MiB. @default no limit */
  readonly memoryLimit?: number | undefined;
  /** What to do about images that cannot be read. @default 'fail' */
  readonly onBadImage?: 'fail' | 'skip' | undefined;
  /** How this was called, for `run.json` and the report. @default unknown */
  readonly command?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Receives progress and sentences in order. An error thrown here stops the work. */
  readonly onEvent?: ((event: ExperimentEvent) => void) | undefined;
}

/** What a model came to on labelled images. */
export interface EvaluateResult {
  /** `report.html`, `evaluation.json`, `predictions.csv` and `run.json` are in it. */
  readonly folder: string;
  readonly evaluation: Evaluation;
  readonly predictions: Predictions;
  /** What has to be said about images that the model has seen in training; empty where there are none. */
  readonly seenNotes: readonly ReportNote[];
}

/**
 * Measures a saved model on a folder of labelled images, at the threshold that was chosen when it was trained, and writes a
 * report. It prints nothing.
 *
 * @throws {InvalidArgumentError} If an option or the data is wrong.
 * @throws {ClassMismatchError} If `classList` has other classes than the model.
 * @throws {FileError} If the model or an image cannot be read, or `output` is not empty.
 * @throws {AbortedError} Once `signal` has fired.
 *
 * @example
 * const { evaluation } = await evaluateBundle({ device, models: ['runs/first'], data: './other-hospital', output: 'runs/other' });
 */
export async function evaluateBundle(options: EvaluateOptions): Promise<EvaluateResult> {
  const bundle = await openBundle(options.models);
  try {
    return await evaluateOpened(bundle, options);
  } finally {
    bundle.model.dispose();
  }
}

async function evaluateOpened(bundle: ModelBundle, options: EvaluateOptions): Promise<EvaluateResult> {
  const { device, seed = 7, signal, onEvent } = options;
  const { model, metadata } = bundle;
  const { input, threshold } = metadata;
  const say = (text: string) => onEvent?.({ type: 'note', text });
  const classList = classListOf(metadata.classList, options.classList);
  const index = await indexData(options, classList, onEvent);
  const asked = await chooseSplit(index.samples, options);
  countClasses(asked, classList); // a finding without a class is found before the images are decoded
  const run = await planRun(options.output, { resume: false });
  say(`${describe(asked, index, options)}.`);
  const unknown = unknownPatientNotes(asked);
  for (const { text } of [...index.notes, ...unknown]) say(text);
  const store = await createPixelStore(asked, {
    decode: index.decoderFor(input.resize),
    rule: input.resize,
    channels: input.channels,
    bitsStored: options.bitsStored ?? input.bitsStored,
    onBadImage: options.onBadImage ?? 'fail',
    concurrency: DECODE_CONCURRENCY,
    signal,
    onProgress: onEvent,
  });
  for (const line of noteLines(pixelNotes(store))) say(line);
  const samples = asked.filter(({ id }) => store.indexOf(id) >= 0);
  const seenNotes = await seenImagesNotes(metadata, store, samples);
  const { predictions, evaluation } = await measure(bundle, { store, samples, classList }, options);

  const name = options.on ?? (options.split === undefined ? 'all images' : 'test');
  const facts = {
    command: options.command ?? null,
    workers: device.workers,
    ...machineFacts(device),
    dataSha256: await store.contentHash(),
    patients: evaluation.patientCount ?? 'unknown',
  };
  const { folder } = await run.start({ settings: { dataSha256: facts.dataSha256, seed } });
  await folder.writeText('predictions.csv', predictionsToCsv(predictions, { threshold: threshold.value }));
  await folder.writeJson('evaluation.json', evaluation);
  const report = createReport({
    title: `Evaluation of ${metadata.architecture}`,
    summary: `${describe(samples, index, options)}. ${metadata.notice}`,
    notes: [...seenNotes, ...index.notes, ...unknown, ...pixelNotes(store)],
    data: { classNames: classList.names, splits: [splitPart(name, samples, classList)] },
    model: describeModel(model),
    evaluations: [evaluationPart(name, predictions, evaluation)],
    mistakes: await mistakesPart(predictions, store, evaluation),
    run: facts,
  });
  await folder.writeText('report.html', report);
  await folder.writeJson('run.json', { status: 'finished', ...facts });
  return { folder: folder.path, evaluation, predictions, seenNotes };
}

const describe = (
  samples: readonly Sample[],
  { layout, skippedRows }: IndexedData,
  { data }: EvaluateOptions,
) => `${describePatients(samples)} in ${data} (${layout})${describeSkippedRows(skippedRows)}`;

async function measure(
  { model, metadata }: ModelBundle,
  data: { readonly store: PixelStore; readonly samples: readonly Sample[]; readonly classList: ClassList },
  options: EvaluateOptions,
): Promise<{ predictions: Predictions; evaluation: Evaluation }> {
  const { device, memoryLimit, seed = 7, testTimeAugmentation, signal, onEvent } = options;
  const { value, rule } = metadata.threshold;
  const source = createBatches({ ...data, batchSize: 16 });
  const [predictions, shifted] = await withReplicas(
    model,
    { device, memoryLimit, signal },
    async (replicas) => {
      const forward = fastForward(model, device);
      const how = { signal, onProgress: onEvent, forward, replicas, testTimeAugmentation };
      return [
        await predict(model, source, how),
        options.shifts ? await predictUnderShifts(model, source, how) : undefined,
      ] as const;
    },
  );
  const evaluation = await evaluatePredictions(predictions, {
    threshold: value,
    thresholdRule: rule,
    thresholdFrom: 'bundle',
    intervals: { seed },
    signal,
    onProgress: onEvent,
  });
  if (!shifted) return { predictions, evaluation };
  const split = options.on ?? (options.split === undefined ? 'all' : 'test');
  return {
    predictions,
    evaluation: { ...evaluation, shifts: evaluateShifts(predictions, shifted, { threshold: value, split }) },
  };
}

/** The classes of the model; the caller may say which findings they cover in these images. */
function classListOf(ofModel: ClassList, given: ClassList = ofModel): ClassList {
  if (haveSameClasses(given, ofModel)) return given;
  throw new ClassMismatchError({
    what: '--classes',
    expected: ofModel.names,
    received: given.names,
    fix: 'Name the classes of the model, each with its findings in these images.',
  });
}

async function chooseSplit(
  samples: readonly Sample[],
  { split: file, on = file === undefined ? undefined : 'test', data }: EvaluateOptions,
): Promise<readonly Sample[]> {
  if (on === undefined) return samples;
  const asked =
    file === undefined ? samples.filter(({ split }) => split === on) : (await loadSplit(file, samples))[on];
  if (asked.length > 0) return asked;
  throw new InvalidArgumentError({
    argument: '--on',
    expected: `a split that ${file ?? data} has`,
    received: on,
  });
}
