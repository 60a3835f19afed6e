import type { ClassList, ThresholdRule } from 'xray-core';
import { formatSplit } from 'xray-dataset';
import { noteLines } from '../data/image-notes.js';
import { type Dataset, loadDataset } from '../data/load-dataset.js';
import { openPixels } from '../data/open-pixels.js';
import { sharedPatientNotes, unknownPatientNotes } from '../data/patient-notes.js';
import { checkSides, type PlannedSplit, splitDataset, withoutSkipped } from '../data/split-dataset.js';
import { pixelNotes } from '../reporting/report-parts.js';
import type { CompleteOptions } from './experiment-options.js';
import type { ExperimentContext } from './experiment-run.js';

/** Where an experiment computes, and whom it tells. */
export function contextOf({ device, signal, onEvent }: CompleteOptions): ExperimentContext {
  return {
    device,
    signal,
    onProgress: (event) => onEvent?.(event),
    say: (text) => onEvent?.({ type: 'note', text }),
  };
}

/** What the images of an experiment are, and which split each is in. */
export interface PlannedData {
  readonly dataset: Dataset;
  readonly split: PlannedSplit;
}

/** Index and split, with everything said that has to be. */
export async function planData(context: ExperimentContext, options: CompleteOptions): Promise<PlannedData> {
  const { recipe } = options;
  const classList: ClassList = recipe.classList;
  const dataset = await loadDataset(options, context.onProgress);
  const split = await splitDataset(dataset.samples, options, { classList, keepsSides: dataset.keepsSides });
  checkSides(split.splits, classList, thresholdRuleOf(options));
  context.say(dataset.description);
  for (const { text } of notesOf(dataset, split)) context.say(text);
  return { dataset, split };
}

/** The same with decoded pixels; images that could not be read are in no split any more. */
export async function prepareData(context: ExperimentContext, options: CompleteOptions) {
  const { dataset, split } = await planData(context, options);
  const splitText = await formatSplit(split.splits);
  const dropped = new Set(split.splits.sharedPatients?.dropped.map(({ id }) => id));
  const used = dataset.samples.filter(({ id }) => !dropped.has(id));
  const store = await openPixels(context, options, { ...dataset, samples: used });
  for (const line of noteLines(pixelNotes(store))) context.say(line);
  const splits = withoutSkipped(split.splits, store);
  checkSides(splits, options.recipe.classList, thresholdRuleOf(options));
  const dataSha256 = await store.contentHash();
  return { dataset, isTestCarved: split.isTestCarved, splitText, store, splits, dataSha256 };
}

const notesOf = (dataset: Dataset, { splits }: PlannedSplit) => [
  ...dataset.notes,
  ...unknownPatientNotes(dataset.samples),
  ...sharedPatientNotes(splits),
];

const thresholdRuleOf = ({ asPublished, recipe }: CompleteOptions): ThresholdRule =>
  asPublished ? 'half' : recipe.thresholdRule;
