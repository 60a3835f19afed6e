import { NORMAL_PNEUMONIA } from 'xray-core';
import { chexpertMapping, indexManifest } from 'xray-dataset';
import { type BenchContext, type BenchRow, type Entry, timeEntries } from './section.js';

/** Rows of the tables: tenfold rows in tenfold time is the speed of the first one. */
const ROWS = [40_000, 400_000];

/** Columns of CheXpert's `train.csv` before the findings, and the findings. */
const COLUMNS =
  'Path,Sex,Age,Frontal/Lateral,AP/PA,No Finding,Enlarged Cardiomediastinum,Cardiomegaly,Lung Opacity,Lung Lesion,Edema,' +
  'Consolidation,Pneumonia,Atelectasis,Pneumothorax,Pleural Effusion,Pleural Other,Fracture,Support Devices';

/** Reading tables of the kind that CheXpert has, with files that all have one name, and finding those files. */
export async function benchTables(context: BenchContext): Promise<BenchRow[]> {
  const entries = ROWS.map((count): Entry => {
    const files = Array.from({ length: count }, (_, at) => `train/patient${at}/study1/view1_frontal.jpg`);
    const rows = files.map(
      (file, at) => `CheXpert-v1.0/${file},Male,44,Frontal,AP,${at % 2 ? '1.0,,,,,,,' : ',,,,,,,1.0'},,,,,,`,
    );
    const table = [COLUMNS, ...rows].join('\n');
    const options = {
      mapping: chexpertMapping({ uncertain: 'exclude' }),
      classList: NORMAL_PNEUMONIA,
      files,
    };
    return {
      ...{ work: `table of ${count} rows`, on: 'indexManifest', images: count },
      run: async () => void indexManifest(table, options),
    };
  });
  const rows = await timeEntries('tables', entries, { ...context, rounds: Math.min(context.rounds, 3) });
  return rows.map(({ batch, ...row }) => row);
}
