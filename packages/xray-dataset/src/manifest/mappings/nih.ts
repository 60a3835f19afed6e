import { columnMapping } from '../column-mapping.js';
import type { ManifestMapping } from '../manifest-mapping.js';

/**
 * NIH ChestX-ray14, `Data_Entry_2017.csv` or `Data_Entry_2017_v2020.csv`. `No Finding` becomes `normal`, all others their
 * name in lower case. Sides come from `test_list.txt`.
 *
 * @see Wang et al., CVPR 2017, doi:10.1109/CVPR.2017.369
 */
export function nihMapping(): ManifestMapping {
  return columnMapping({
    image: 'Image Index',
    finding: 'Finding Labels',
    separator: '|',
    patientId: 'Patient ID',
    view: 'View Position',
  });
}
