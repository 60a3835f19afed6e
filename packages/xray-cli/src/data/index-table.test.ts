import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ClassList, labelOf, NORMAL_PNEUMONIA } from 'xray-core';
import { decodeImageFile } from 'xray-dataset/node';
import type { DatasetOptions } from './dataset-options.js';
import { indexTable } from './index-table.js';
import { parseClassList } from './parse-class-list.js';

let data: string;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'xray-layout-'));
});
afterEach(() => rm(data, { recursive: true }));

async function put(file: string, bytes: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(data, file)), { recursive: true });
  await writeFile(join(data, file), bytes);
}

/** A tiny gray image of the file's type; PNG files have 16 bits, as those of PadChest. */
async function putImage(file: string): Promise<void> {
  if (file.endsWith('.dicom')) {
    await put(file, Buffer.from(DICOM.cases[0]!.file, 'base64'));
    return;
  }
  const gray = sharp(new Uint16Array(64).fill(3000), { raw: { width: 8, height: 8, channels: 1 } });
  await put(
    file,
    await (file.endsWith('.png') ? gray.toColourspace('grey16').png() : gray.jpeg()).toBuffer(),
  );
}

/** The references of the decoder; all of them have one Patient ID. */
const DICOM = JSON.parse(
  await readFile(
    new URL('../../../../packages/xray-dataset/src/__fixtures__/dicom-reference.json', import.meta.url),
    'utf8',
  ),
) as { cases: { file: string }[] };

const COVID: ClassList = {
  names: ['normal', 'pneumonia', 'covid-19'],
  findings: { normal: 'normal', pneumonia: 'pneumonia', 'covid-19': 'covid-19' },
};

interface Layout {
  readonly flags: Partial<DatasetOptions> & { readonly mapping: string };
  readonly tables: Readonly<Record<string, string>>;
  /** File, and finding, patient (`?` if unknown) and side of its sample; nothing where it is left out. */
  readonly images: Readonly<Record<string, string>>;
  readonly classList?: ClassList;
  readonly layout: string;
}

const CHEXPERT = 'Path,Sex,Age,Frontal/Lateral,AP/PA,No Finding,Pneumonia,Support Devices';
const VINDR = 'image_id,rad_id,Consolidation,Pneumonia,No finding';
const PCXR = 'image_id,rad_ID,No finding,Bronchitis,Brocho-pneumonia,Other disease,Bronchiolitis,Pneumonia';

/** Folders, names and headers as the datasets have them; of tables the columns that matter. */
const LAYOUTS: readonly Layout[] = [
  {
    flags: { mapping: 'mimic-cxr-jpg', uncertain: 'exclude', views: 'PA,AP' },
    tables: {
      'mimic-cxr-2.0.0-split.csv.gz':
        'dicom_id,study_id,subject_id,split\n02aa804e-bde0afdd,50414267,10000032,train\n174413ec-4ec4c1f7,50414267,10000032,train\n2a2277a9-b0ded155,53189527,10000764,validate\n',
      'mimic-cxr-2.0.0-chexpert.csv.gz':
        'subject_id,study_id,No Finding,Pneumonia,Support Devices\n10000032,50414267,1.0,,1.0\n10000764,53189527,,1.0,\n',
      'mimic-cxr-2.0.0-metadata.csv.gz':
        'dicom_id,subject_id,study_id,ViewPosition\n02aa804e-bde0afdd,10000032,50414267,PA\n174413ec-4ec4c1f7,10000032,50414267,LATERAL\n2a2277a9-b0ded155,10000764,53189527,AP\n',
    },
    images: {
      'files/p10/p10000032/s50414267/02aa804e-bde0afdd.jpg': 'normal 10000032 train',
      'files/p10/p10000032/s50414267/174413ec-4ec4c1f7.jpg': '',
      'files/p10/p10000764/s53189527/2a2277a9-b0ded155.jpg': 'pneumonia 10000764 validation',
    },
    layout:
      'table, mimic-cxr-jpg, labels of mimic-cxr-2.0.0-chexpert.csv.gz, metadata of mimic-cxr-2.0.0-metadata.csv.gz, uncertain findings left out',
  },
  {
    flags: { mapping: 'chexpert', uncertain: 'negative' },
    tables: {
      'CheXpert-v1.0 batch 1 (validate & csv)/train.csv': `${CHEXPERT}\nCheXpert-v1.0/train/patient00001/study1/view1_frontal.jpg,Female,68,Frontal,AP,1.0,,1.0\n`,
      'CheXpert-v1.0 batch 1 (validate & csv)/valid.csv': `${CHEXPERT}\nCheXpert-v1.0/valid/patient64541/study1/view1_frontal.jpg,Male,73,Frontal,AP,0.0,1.0,0.0\n`,
      'CheXpert/test_labels.csv':
        'Path,No Finding,Pneumonia,Support Devices\ntest/patient64741/study1/view1_frontal.jpg,1,0,0\n',
    },
    images: {
      'CheXpert-v1.0 batch 2 (train 1)/patient00001/study1/view1_frontal.jpg': 'normal patient00001 train',
      'CheXpert-v1.0 batch 1 (validate & csv)/valid/patient64541/study1/view1_frontal.jpg':
        'pneumonia patient64541 validation',
      'CheXpert/test/patient64741/study1/view1_frontal.jpg': 'normal patient64741 test',
    },
    layout: 'table, chexpert, uncertain findings as not there',
  },
  {
    flags: { mapping: 'vindr-cxr', readers: 'all' },
    tables: {
      'annotations/image_labels_train.csv': `${VINDR}\n000434271f,R3,0,0,1\n000434271f,R2,0,0,1\n0005319046,R1,0,1,0\n0005319046,R2,0,0,1\n`,
      'annotations/image_labels_test.csv': 'image_id,Consolidation,Pneumonia,No finding\n002a34c58c,0,1,0\n',
    },
    images: {
      'train/000434271f.dicom': 'normal ? train',
      'train/0005319046.dicom': '',
      'test/002a34c58c.dicom': 'pneumonia ? test',
    },
    layout: 'table, vindr-cxr, findings of all readers',
  },
  {
    flags: { mapping: 'vindr-pcxr' },
    tables: {
      'image_labels_train.csv': `${PCXR}\n5a0d4b8e1e,R1,1,0,0,0,0,0\n6b1e5c9f2f,R2,0,1,0,0,0,0\n`,
      'image_labels_test.csv': `${PCXR}\n7c2f6d0a3a,R2,0,0,0,0,0,1\n`,
    },
    images: {
      'train/5a0d4b8e1e.dicom': 'normal ? train',
      'train/6b1e5c9f2f.dicom': '',
      'test/7c2f6d0a3a.dicom': 'pneumonia ? test',
    },
    layout: 'table, vindr-pcxr',
  },
  {
    flags: { mapping: 'padchest', views: 'PA' },
    tables: {
      'PADCHEST_chest_x_ray_images_labels_160K_01.02.19.csv': `,ImageID,ImageDir,PatientID,Projection,Labels,Localizations\n0,1253741519_j5rk5q.png,0,1000026527,PA,['normal'],[]\n1,3363262047_vsaz23.png,8,1000133678,PA,"['pneumonia', 'suboptimal study']",['loc lingula']\n2,2168401113_02-094-102.png,8,1000133678,L,['pneumonia'],[]\n`,
    },
    images: {
      '0/1253741519_j5rk5q.png': 'normal 1000026527',
      '8/3363262047_vsaz23.png': 'pneumonia 1000133678',
      '8/2168401113_02-094-102.png': '',
    },
    layout: 'table, padchest',
  },
  {
    flags: { mapping: 'covidx' },
    tables: {
      'train.txt':
        '3 SARS-10.1148rg.242035193-g04mr34g0-Fig8a-day0.jpeg pneumonia cohen\n47c78742 47c78742.png normal rsna\n',
      'test.txt': 'SITE2-000265 MIDRC-RICORD-1C-SITE2-000265-99793-1.png positive ricord\n',
    },
    images: {
      'train/SARS-10.1148rg.242035193-g04mr34g0-Fig8a-day0.jpeg': 'pneumonia 3 train',
      'train/47c78742.png': 'normal 47c78742 train',
      'test/MIDRC-RICORD-1C-SITE2-000265-99793-1.png': 'covid-19 SITE2-000265 test',
    },
    classList: COVID,
    layout: 'table, covidx',
  },
  {
    flags: { mapping: 'rsna-pneumonia' },
    tables: {
      'stage_2_train_labels.csv':
        'patientId,x,y,width,height,Target\n0004cfab,,,,,0\n00436515,264.0,152.0,213.0,379.0,1\n00436515,562.0,152.0,256.0,453.0,1\n',
      'pneumonia-challenge-dataset-mappings_2018.json': JSON.stringify([
        { subset_img_id: '0004cfab', img_id: '00013118_008.png' },
        { subset_img_id: '00436515', img_id: '00013118_011.png' },
      ]),
    },
    images: {
      'stage_2_train_images/0004cfab.dicom': 'normal 13118',
      'stage_2_train_images/00436515.dicom': 'pneumonia 13118',
    },
    layout: 'table, rsna-pneumonia, patients of pneumonia-challenge-dataset-mappings_2018.json',
  },
  {
    flags: { mapping: 'image=file,columns=Pneumonia+No Finding,split=side' },
    tables: {
      'labels.csv': 'file;Pneumonia;No Finding;side\r\nperson1_virus_6.jpeg;1;0;train\nscan.png;0;1;test\n',
    },
    images: { 'x/person1_virus_6.jpeg': 'pneumonia viral-1 train', 'x/scan.png': 'normal ? test' },
    layout: 'table, image=file,columns=Pneumonia+No Finding,split=side',
  },
];

describe('indexTable', () => {
  it('takes the classes of --classes, by the names that the table has', async () => {
    await put('labels.csv', 'file,label\na.png,No Finding\nb.png,COVID-19\nc.png,Mass\n');
    for (const file of ['a.png', 'b.png', 'c.png']) await putImage(file);
    const flags = { data, mapping: 'image=file,finding=label', onMissingFile: 'fail' } as const;
    const classList = parseClassList('healthy=No Finding,sick=COVID-19+Pneumonia');
    const { samples, skippedRows } = await indexTable({ ...flags, onUnknownFinding: 'skip' }, classList);
    expect(samples.map(({ finding }) => labelOf(classList, finding))).toEqual([0, 1]);
    expect(skippedRows).toMatchObject([{ image: 'c.png', reason: 'unknown-finding' }]);
    const failing = indexTable({ ...flags, onUnknownFinding: 'fail' }, classList);
    await expect(failing).rejects.toThrow(/the table has: covid-19, mass, normal\. First: c\.png \(row 4\)/);
  });

  it.each(LAYOUTS)('reads $flags.mapping as it is downloaded', async (layout) => {
    for (const [name, text] of Object.entries(layout.tables))
      await put(name, name.endsWith('.gz') ? gzipSync(text) : text);
    for (const file of Object.keys(layout.images)) await putImage(file);
    const index = await indexTable(
      { data, onUnknownFinding: 'skip', onMissingFile: 'fail', ...layout.flags },
      layout.classList ?? NORMAL_PNEUMONIA,
    );
    const facts = index.samples.map(({ id, finding, patientId, isPatientUnknown, split = '' }) => [
      id,
      `${finding} ${isPatientUnknown ? '?' : patientId} ${split}`.trim(),
    ]);
    expect(Object.fromEntries(facts)).toEqual(
      Object.fromEntries(Object.entries(layout.images).filter(([, fact]) => fact !== '')),
    );
    expect(index.samples.length + index.skippedRows.length).toBe(Object.keys(layout.images).length);
    expect(index.layout).toBe(layout.layout);
    for (const { source } of index.samples) {
      const { pixels } = await decodeImageFile(source);
      expect(pixels).toBeInstanceOf(/\.jpe?g$/.test(source) ? Uint8Array : Uint16Array);
    }
  });
});
