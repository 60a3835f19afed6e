import { isNothing, listOf } from '../cell-values.js';
import type { ManifestMapping } from '../manifest-mapping.js';

/** Labels that are no findings: of the report's quality, and of what it is compared with. */
const NO_FINDINGS = ['suboptimal study', 'unchanged'];

/**
 * PadChest, `PADCHEST_chest_x_ray_images_labels_160K_01.02.19.csv`: labels are lists as Python writes them
 * (`['normal', 'suboptimal study']`), images are 16-bit PNG files, found by their names in folders or without. `normal` is
 * theirs, the view is `Projection` (`PA`, `AP`, `AP_horizontal`, `L`, `COSTAL`). Images labelled `exclude`, which their readers
 * left out, have no finding. 73 % of the labels were given by a network that read the reports.
 *
 * @see Bustos et al., Medical Image Analysis 2020, doi:10.1016/j.media.2020.101797
 */
export function padchestMapping(): ManifestMapping {
  return {
    columns: ['ImageID', 'PatientID', 'Labels'],
    besideNormal: NO_FINDINGS,
    read(row) {
      const labels = listOf(row.cell('Labels'), undefined).filter((label) => !isNothing(label));
      return {
        image: row.cell('ImageID'),
        findings: labels.includes('exclude') ? [] : labels.map((label) => label.toLowerCase()),
        patientId: row.cell('PatientID'),
        view: row.cell('Projection'),
      };
    },
  };
}
