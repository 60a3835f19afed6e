import type { ProgressCallback, Sample } from 'xray-core';
import { createSyntheticDataset, type Decode, holdOutSource, limitPerClass } from 'xray-dataset';
import type { ReportNote } from 'xray-report';
import type { CompleteOptions } from '../experiment/experiment-options.js';
import { describeSkippedRows, fullSizeDecoder, indexData } from './index-data.js';
import { describePatients } from './patient-notes.js';
import { assignListed } from './split-dataset.js';

/** Images to work on and how to read them. */
export interface Dataset {
  readonly samples: readonly Sample[];
  /** Reads pixels for training, shrinking large files on the way where that is faster. */
  readonly decode: Decode;
  /** Reads pixels at full size, to show them. */
  readonly decodeOriginal: Decode;
  /** One sentence for the report. */
  readonly description: string;
  /** Name of the folder or file, or `synthetic`. */
  readonly name: string;
  /** Whether every sample's `source` is a file of its own. */
  readonly areFiles: boolean;
  /** What was left out, and why. */
  readonly notes: readonly ReportNote[];
  /** Whether the validation side is the one that came with the data. */
  readonly keepsSides: boolean;
}

/** Patients of the synthetic dataset, by finding; more ill than healthy ones, as in the real data. */
const SYNTHETIC_PATIENTS = { normal: 120, bacterial: 100, viral: 80 };

/** Disease plain enough for a small network to learn from a few hundred images in a minute. */
const SYNTHETIC_SEVERITY = 2;

/**
 * Reads the index of `data`, or makes synthetic samples. Lists of splits and `limit` are applied here, before any split is
 * drawn.
 */
export async function loadDataset(options: CompleteOptions, onProgress?: ProgressCallback): Promise<Dataset> {
  const { data, recipe, seed, limit } = options;
  const { classList } = recipe;
  const { size } = recipe.images;
  const limited = (samples: readonly Sample[]) =>
    limit === undefined ? samples : limitPerClass(samples, { classList, limit, seed });
  if (data === undefined) {
    const drawn = Math.round(size * 1.5);
    const dataset = createSyntheticDataset({
      patientsPerFinding: SYNTHETIC_PATIENTS,
      imagesPerPatient: 2,
      severity: SYNTHETIC_SEVERITY,
      seed,
      height: drawn,
      width: drawn,
    });
    return {
      samples: limited(dataset.samples),
      decode: dataset.decode,
      decodeOriginal: dataset.decode,
      description:
        'Synthetic chest X-rays: drawings that show that the programs work, and nothing about patients.',
      name: 'synthetic',
      areFiles: false,
      notes: [],
      keepsSides: false,
    };
  }
  const index = await indexData({ ...options, data }, classList, onProgress);
  const listed = await assignListed(index.samples, options);
  const { samples: sided, notes } = holdOut(listed, options.holdOutSource);
  const samples = limited(sided);
  const drawn =
    limit === undefined ? '' : `, drawn from ${index.samples.length} with at most ${limit} per class`;
  return {
    samples,
    decode: index.decoderFor({ height: size, width: size }),
    decodeOriginal: fullSizeDecoder(index),
    description: `${describePatients(samples)} in ${index.name} (${index.layout})${drawn}${describeSkippedRows(index.skippedRows)}.`,
    name: index.name,
    areFiles: index.areFiles,
    notes: [...index.notes, ...notes],
    // The images of MedMNIST files have no patients to split by.
    keepsSides: options.ownSides || options.validationList !== undefined || !index.areFiles,
  };
}

/** The samples with those of a source as the test side, and what to say about it. */
function holdOut(
  samples: readonly Sample[],
  source: string | undefined,
): { samples: readonly Sample[]; notes: readonly ReportNote[] } {
  if (source === undefined) return { samples, notes: [] };
  const { samples: sided, heldOut, leftOut } = holdOutSource(samples, source);
  const text = `The ${heldOut} images of ${source} are the test side: nothing was trained or chosen on that source.`;
  const others = `${leftOut.length} images of the data's own test side, of other sources, were left out.`;
  const notes: ReportNote[] = [{ kind: 'info', text }];
  if (leftOut.length > 0) notes.push({ kind: 'info', text: others });
  return { samples: sided, notes };
}
