/** What a file name of a public dataset says. */
export interface FileNameFacts {
  readonly finding: 'normal' | 'bacterial' | 'viral' | 'tuberculosis';
  /** Prefix or class family plus person number, for example `normal-115`, `normal2-115` or `bacterial-447`. */
  readonly patientId: string;
}

/**
 * Reads a file name of the Kaggle copy: `IM-0115-0001.jpeg`, `NORMAL2-IM-0449-0001-0002.jpeg`,
 * `person1_bacteria_2.jpeg`, `person447_virus_921_1.jpeg`.
 *
 * Person numbers repeat: `person1_bacteria` and `person1_virus` are two patients, and so are `IM-n` and
 * `NORMAL2-IM-n`. 328 numbers occur under both of these prefixes, and images of such pairs are as alike as images
 * of any two children (mean correlation of 28 x 28 thumbnails 0.749 against 0.750; 0.789 for one number under one
 * prefix). With that, no patient is on both official sides.
 *
 * @returns `undefined` for any other name.
 *
 * @see Kermany et al., Cell 2018, doi:10.1016/j.cell.2018.02.010
 */
export function readKaggleName(fileName: string): FileNameFacts | undefined {
  const normal = /^(normal2-)?im-(\d+)-\d+(?:-\d+)?\.\w+$/i.exec(fileName);
  if (normal)
    return { finding: 'normal', patientId: `${normal[1] ? 'normal2' : 'normal'}-${Number(normal[2])}` };
  const pneumonia = /^person(\d+)_(bacteria|virus)_\d+(?:_\d+)?\.\w+$/i.exec(fileName);
  if (!pneumonia) return undefined;
  return facts(pneumonia[2]!, pneumonia[1]!);
}

/**
 * Reads a file name of the Mendeley original: `NORMAL-1049278-0001.jpeg`, `BACTERIA-1008087-0001.jpeg`,
 * `VIRUS-1040450-0001.jpeg`. The middle number is the patient.
 *
 * @returns `undefined` for any other name.
 *
 * @see Kermany, Zhang & Goldbaum, Mendeley Data, doi:10.17632/rscbjbr9sj
 */
export function readMendeleyName(fileName: string): FileNameFacts | undefined {
  const match = /^(normal|bacteria|virus)-(\d+)-\d+\.\w+$/i.exec(fileName);
  return match ? facts(match[1]!, match[2]!) : undefined;
}

/**
 * Reads a file name of the tuberculosis sets of Shenzhen and Montgomery County: `CHNCXR_0001_0.png`, `MCUCXR_0104_1.png`. The last
 * digit is the label, 0 for normal and 1 for tuberculosis; every image is of another patient.
 *
 * @returns `undefined` for any other name.
 *
 * @see Jaeger et al., Quantitative Imaging in Medicine and Surgery 4(6), 2014, doi:10.3978/j.issn.2223-4292.2014.11.20
 */
export function readTuberculosisName(fileName: string): FileNameFacts | undefined {
  const match = /^((?:chn|mcu)cxr)_(\d+)_([01])\.\w+$/i.exec(fileName);
  if (!match) return undefined;
  const finding = match[3] === '1' ? 'tuberculosis' : 'normal';
  return { finding, patientId: `${match[1]!.toLowerCase()}-${Number(match[2])}` };
}

function facts(family: string, person: string): FileNameFacts {
  const findings = { normal: 'normal', bacteria: 'bacterial', virus: 'viral' } as const;
  const finding = findings[family.toLowerCase() as keyof typeof findings];
  return { finding, patientId: `${finding}-${Number(person)}` };
}
