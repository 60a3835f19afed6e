import { FileError } from 'xray-core';
import type { ManifestMapping } from '../manifest-mapping.js';
import type { ManifestTable } from '../read-entries.js';

/** Options of `rsnaMapping`. */
export interface RsnaOptions {
  /**
   * The challenge's own `pneumonia-challenge-dataset-mappings_2018.json`, which says which image of NIH ChestX-ray14 each of
   * its images is, and so whose. The patients are then those of `nihMapping`.
   *
   * @default undefined (patients unknown: the `patientId` of the tables is the image's, and patients have several)
   */
  nihImages?: ManifestTable | undefined;
}

const CLASSES: Readonly<Record<string, string>> = {
  Normal: 'normal',
  'Lung Opacity': 'pneumonia',
  'No Lung Opacity / Not Normal': 'no lung opacity / not normal',
};

/**
 * RSNA Pneumonia Detection Challenge, several rows per image: `stage_2_train_labels.csv`, where a `Target` of 0 becomes
 * `normal` although it also covers other diseases, or `stage_2_detailed_class_info.csv`, which tells these apart as
 * `no lung opacity / not normal`.
 *
 * @throws {FileError} If `nihImages` is not the list of images that it should be. Reading a table then throws one for
 *   images that the list lacks.
 * @see Shih et al., Radiology: AI 2019, doi:10.1148/ryai.2019180041
 */
export function rsnaMapping(options: RsnaOptions = {}): ManifestMapping {
  const { nihImages } = options;
  const patients = nihImages && readPatients(nihImages);
  return {
    columns: ['patientId', ['class', 'Target']],
    hasSeveralRowsPerImage: true,
    hasNoPatients: patients === undefined,
    read(row) {
      const name = row.cell('class');
      const finding = name
        ? (CLASSES[name] ?? name.toLowerCase())
        : ({ '0': 'normal', '1': 'pneumonia' }[row.cell('Target')] ?? row.cell('Target'));
      const image = row.cell('patientId');
      const patientId = patients?.get(image);
      if (patients && patientId === undefined) {
        throw new FileError({
          file: row.table,
          problem: `row ${row.line} names ${image}, which ${nihImages.name} does not`,
          fix: 'Take the list that belongs to this table, or none.',
        });
      }
      return { image, findings: [finding], patientId };
    },
  };
}

/** Patients as `nihMapping` names them, by image of the challenge. */
function readPatients({ name, text }: ManifestTable): Map<string, string> {
  const refuse = (cause?: unknown): never => {
    throw new FileError({
      file: name,
      problem: 'is no list of RSNA images and their NIH images',
      fix: 'Expected a JSON list of objects with subset_img_id and img_id, as pneumonia-challenge-dataset-mappings_2018.json.',
      cause,
    });
  };
  let entries: unknown;
  try {
    entries = JSON.parse(text);
  } catch (error) {
    refuse(error);
  }
  if (!Array.isArray(entries) || entries.length === 0) refuse();
  return new Map(
    (entries as readonly unknown[]).map((entry) => {
      const { subset_img_id: image, img_id: nihImage } = (entry ?? {}) as Record<string, unknown>;
      const patient = typeof nihImage === 'string' ? /^(\d+)_\d+\.png$/.exec(nihImage)?.[1] : undefined;
      if (typeof image !== 'string' || patient === undefined) return refuse();
      return [image, String(Number(patient))];
    }),
  );
}
