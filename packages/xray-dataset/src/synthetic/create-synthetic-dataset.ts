import type { DecodedImage, Sample } from 'xray-core';
import {
  checkWholeNumber,
  createRandom,
  InvalidArgumentError,
  type OptionNames,
  refuseUnknownOptions,
} from 'xray-core';
import { checkDrawing, drawSyntheticXray, type SyntheticXrayOptions } from './draw-synthetic-xray.js';
import type { SyntheticFinding } from './lung-disease.js';

const OPTIONS: OptionNames<SyntheticDatasetOptions> = {
  patientsPerFinding: true,
  imagesPerPatient: true,
  seed: true,
  severity: true,
  height: true,
  width: true,
};

/** Options of `createSyntheticDataset`. */
export interface SyntheticDatasetOptions {
  /** Patients of every finding, one number for all or one each. */
  patientsPerFinding: number | Readonly<Record<SyntheticFinding, number>>;
  /** Images of every patient. @default 2 */
  imagesPerPatient?: number | undefined;
  seed: number;
  /** Density of the disease, as a factor; above 0. Larger is easier to see and to learn. @default 1 */
  severity?: number | undefined;
  /** Pixels, at least 32. */
  height: number;
  /** Pixels, at least 32. */
  width: number;
}

/** A dataset that needs no files. */
export interface SyntheticDataset {
  /** Without sides; split them with `splitByPatient`. */
  readonly samples: readonly Sample[];
  /** Draws a sample's image; goes straight into `createPixelStore`. */
  readonly decode: (sample: Sample) => Promise<DecodedImage>;
}

/**
 * Creates samples of synthetic chest X-rays with the findings `normal`, `bacterial` and `viral`. Images of one
 * patient share build and place of disease, so that leaking patients across sides shows as it does with real data.
 *
 * @throws {InvalidArgumentError} If a count is not a whole number or all are 0, a side is under 32 pixels, or `severity` is not above 0.
 *
 * @example
 * const { samples, decode } = createSyntheticDataset({ patientsPerFinding: 20, seed: 7, height: 64, width: 64 });
 */
export function createSyntheticDataset(options: SyntheticDatasetOptions): SyntheticDataset {
  refuseUnknownOptions('createSyntheticDataset', options, OPTIONS);
  const { patientsPerFinding, imagesPerPatient = 2, seed, severity = 1, height, width } = options;
  const patients =
    typeof patientsPerFinding === 'number'
      ? { normal: patientsPerFinding, bacterial: patientsPerFinding, viral: patientsPerFinding }
      : patientsPerFinding;
  checkDrawing({ height, width, severity });
  checkWholeNumber('imagesPerPatient', imagesPerPatient, 1);
  const findings = ['normal', 'bacterial', 'viral'] as const;
  for (const finding of findings) checkWholeNumber(`patientsPerFinding.${finding}`, patients[finding], 0);

  const random = createRandom(seed).stream('synthetic');
  const samples: Sample[] = [];
  const drawings = new Map<string, SyntheticXrayOptions>();
  for (const finding of findings) {
    for (let patient = 1; patient <= patients[finding]; patient++) {
      const patientId = `${finding}-${patient}`;
      const patientSeed = random.stream(patientId).nextUint32();
      for (let image = 1; image <= imagesPerPatient; image++) {
        const id = `${finding}/patient${patient}-image${image}`;
        samples.push({ id, source: `synthetic:${id}`, finding, patientId });
        drawings.set(id, {
          finding,
          patientSeed,
          seed: random.stream(patientId, image).nextUint32(),
          severity,
          height,
          width,
        });
      }
    }
  }
  if (samples.length === 0) {
    throw new InvalidArgumentError({
      argument: 'patientsPerFinding',
      expected: 'at least one patient',
      received: patientsPerFinding,
    });
  }

  return {
    samples,
    decode: async ({ id }) => {
      const drawing = drawings.get(id);
      if (!drawing) {
        throw new InvalidArgumentError({
          argument: 'sample',
          expected: `one of the ${samples.length} samples of this dataset, such as ${samples[0]!.id}`,
          received: id,
        });
      }
      return drawSyntheticXray(drawing);
    },
  };
}
