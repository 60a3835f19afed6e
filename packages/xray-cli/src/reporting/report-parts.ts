import type { ClassList, Evaluation, Predictions, Sample } from 'xray-core';
import { countClasses, type Decode, type PixelStore, type Splits } from 'xray-dataset';
import { encodePng } from 'xray-dataset/node';
import { decidedLabels, pneumoniaScores, rocCurve, twoClassLabels } from 'xray-metrics';
import type {
  ReportDataset,
  ReportEvaluation,
  ReportMistake,
  ReportNote,
  ReportSample,
  ReportSplit,
} from 'xray-report';
import { imageNotes } from '../data/image-notes.js';
import { countPatients } from '../data/patient-notes.js';

const THUMBNAIL_SIDE = 160;
const SAMPLES_PER_FINDING = 2;
const MOST_MISTAKES = 12;

/** Class counts per side and a few images before and after resizing. */
export async function datasetPart(parts: {
  description: string;
  classList: ClassList;
  splits: Splits;
  store: PixelStore;
  decode: Decode;
}): Promise<ReportDataset> {
  const { description, classList, splits, store, decode } = parts;
  const sides = (['train', 'validation', 'test'] as const).filter((name) => splits[name].length > 0);
  return {
    description,
    classNames: classList.names,
    splits: sides.map((name) => splitPart(name, splits[name], classList)),
    samples: await Promise.all(
      pickSamples(splits.train, store).map((sample) => samplePart(sample, store, decode)),
    ),
  };
}

export function splitPart(name: string, samples: readonly Sample[], classList: ClassList): ReportSplit {
  return {
    name,
    imageCounts: countClasses(samples, classList),
    patientCount: countPatients(samples),
  };
}

/** The first few of every finding that have pixels. */
function pickSamples(samples: readonly Sample[], store: PixelStore): Sample[] {
  const findings = [...new Set(samples.map(({ finding }) => finding))];
  const usable = samples.filter(({ id }) => store.indexOf(id) >= 0);
  return findings.flatMap((finding) =>
    usable.filter((sample) => sample.finding === finding).slice(0, SAMPLES_PER_FINDING),
  );
}

async function samplePart(sample: Sample, store: PixelStore, decode: Decode): Promise<ReportSample> {
  const original = await decode(sample);
  return {
    label: sample.finding,
    name: sample.id,
    before: await encodePng(original, { maxSide: THUMBNAIL_SIDE }),
    after: await storeImage(store, sample.id),
    beforeSize: [original.height, original.width],
    afterSize: [store.height, store.width],
  };
}

function storeImage(store: PixelStore, id: string): Promise<string> {
  const { height, width, channels } = store;
  return encodePng({ pixels: store.pixelsOf(id), height, width, channels }, { maxSide: THUMBNAIL_SIDE });
}

export function evaluationPart(
  name: string,
  predictions: Predictions,
  evaluation: Evaluation,
): ReportEvaluation {
  const roc = rocCurve(twoClassLabels(predictions), pneumoniaScores(predictions));
  return {
    name,
    evaluation,
    ...(roc
      ? { roc: { falsePositiveRate: roc.map(({ fpr }) => fpr), truePositiveRate: roc.map(({ tpr }) => tpr) } }
      : {}),
  };
}

/** The images that the decision at the threshold got wrong, those whose wrong class was most probable first. */
export async function mistakesPart(
  predictions: Predictions,
  store: PixelStore,
  { threshold }: Evaluation,
): Promise<ReportMistake[]> {
  const { ids, classNames, labels, probabilities } = predictions;
  const predicted = decidedLabels(predictions, threshold);
  return Promise.all(
    ids
      .map((id, image) => ({
        id,
        label: labels[image]!,
        predicted: predicted[image]!,
        probability: probabilities[image * classNames.length + predicted[image]!]!,
      }))
      .filter((one) => one.label !== one.predicted)
      .sort((left, right) => right.probability - left.probability)
      .slice(0, MOST_MISTAKES)
      .map(async (mistake) => ({
        image: await storeImage(store, mistake.id),
        trueLabel: classNames[mistake.label]!,
        predictedLabel: classNames[mistake.predicted]!,
        probability: mistake.probability,
        name: mistake.id,
      })),
  );
}

/** A warning with the images that could not be read, where there are any. */
export function pixelNotes(store: PixelStore): ReportNote[] {
  const doubts = imageNotes(store.warnings, store.bitsStored);
  if (store.skipped.length === 0) return doubts;
  return [
    {
      kind: 'warning',
      text: `${store.skipped.length} images could not be read and were left out.`,
      details: store.skipped.map(({ id, reason }) => `${id}: ${reason}`),
    },
    ...doubts,
  ];
}
