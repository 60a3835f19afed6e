import { describe, expect, it } from 'vitest';
import { NORMAL_PNEUMONIA as classList } from 'xray-core';
import { indexManifest } from '../index-manifest.js';
import { mimicCxrMapping } from './mimic-cxr.js';

/** Headers and names as PhysioNet has them; numbers of patients, studies and images are made up but for the first. */
const SPLIT = `dicom_id,study_id,subject_id,split
02aa804e-bde0afdd-112c0b34-7bc16630-4e384014,50414267,10000032,train
174413ec-4ec4c1f7-34ea26b7-c5f994f8-79ef1962,50414267,10000032,train
2a2277a9-b0ded155-c0de8eb9-c124d10e-82c5caab,53189527,10000764,validate
e084de3b-be89b11e-20fe3f9f-9c8d8dfe-4cfd202c,53911762,10000898,test
68b5c4b1-227d0485-9cc38c3f-7b84ab51-4b472714,53911763,10000898,test
`;
const LABELS = {
  name: 'mimic-cxr-2.0.0-chexpert.csv',
  text: `subject_id,study_id,Atelectasis,Cardiomegaly,Consolidation,Edema,Enlarged Cardiomediastinum,Fracture,Lung Lesion,Lung Opacity,No Finding,Pleural Effusion,Pleural Other,Pneumonia,Pneumothorax,Support Devices
10000032,50414267,,,,,,,,,1.0,,,,,1.0
10000764,53189527,,,1.0,,,,,-1.0,,,,-1.0,,
10000898,53911762,,,,,,,,,,,,1.0,0.0,
`,
};
const METADATA = {
  name: 'mimic-cxr-2.0.0-metadata.csv',
  text: `dicom_id,subject_id,study_id,PerformedProcedureStepDescription,ViewPosition,Rows,Columns,StudyDate,StudyTime,ProcedureCodeSequence_CodeMeaning,ViewCodeSequence_CodeMeaning,PatientOrientationCodeSequence_CodeMeaning
02aa804e-bde0afdd-112c0b34-7bc16630-4e384014,10000032,50414267,CHEST (PA AND LAT),PA,3056,2544,21800506,213014.531,CHEST (PA AND LAT),postero-anterior,Erect
174413ec-4ec4c1f7-34ea26b7-c5f994f8-79ef1962,10000032,50414267,CHEST (PA AND LAT),LATERAL,3056,2544,21800506,213014.531,CHEST (PA AND LAT),lateral,Erect
e084de3b-be89b11e-20fe3f9f-9c8d8dfe-4cfd202c,10000898,53911762,CHEST (PORTABLE AP),AP,2705,2539,21800723,80556.875,CHEST (PORTABLE AP),antero-posterior,
`,
};
const FILES = [
  'files/p10/p10000032/s50414267/02aa804e-bde0afdd-112c0b34-7bc16630-4e384014.jpg',
  'files/p10/p10000032/s50414267/174413ec-4ec4c1f7-34ea26b7-c5f994f8-79ef1962.jpg',
  'files/p10/p10000764/s53189527/2a2277a9-b0ded155-c0de8eb9-c124d10e-82c5caab.jpg',
  'files/p10/p10000898/s53911762/e084de3b-be89b11e-20fe3f9f-9c8d8dfe-4cfd202c.jpg',
  'files/p10/p10000898/s53911763/68b5c4b1-227d0485-9cc38c3f-7b84ab51-4b472714.jpg',
];
const options = { classList, files: FILES, onUnknownFinding: 'skip' } as const;

describe('mimicCxrMapping', () => {
  it('gives images the findings of their study, and their own side and patient', () => {
    const mapping = mimicCxrMapping({ labels: LABELS, metadata: METADATA, uncertain: 'exclude' });
    const { samples, skipped } = indexManifest(SPLIT, { ...options, mapping });
    expect(
      samples.map(({ id, finding, patientId, split }) => [FILES.indexOf(id), finding, patientId, split]),
    ).toEqual([
      [0, 'normal', '10000032', 'train'],
      [1, 'normal', '10000032', 'train'],
      [3, 'pneumonia', '10000898', 'test'],
    ]);
    // The last study has no labels.
    expect(skipped.map(({ line, reason }) => [line, reason])).toEqual([
      [4, 'uncertain'],
      [6, 'unknown-finding'],
    ]);
    const frontal = indexManifest(SPLIT, { ...options, mapping, views: ['PA', 'AP'] });
    expect(frontal.samples.map(({ id }) => FILES.indexOf(id))).toEqual([0, 3]);
    const positive = mimicCxrMapping({ labels: LABELS, uncertain: 'positive' });
    expect(indexManifest(SPLIT, { ...options, mapping: positive }).findings).toEqual({
      normal: 2,
      pneumonia: 2,
    });
  });

  it('finds images whatever their folders and format', () => {
    const mapping = mimicCxrMapping({ labels: LABELS, uncertain: 'exclude' });
    const flat = FILES.map(
      (file) => `small/${file.slice(file.lastIndexOf('/') + 1).replace('.jpg', '.png')}`,
    );
    expect(indexManifest(SPLIT, { ...options, mapping, files: flat }).samples).toHaveLength(3);
  });

  it('says which table is wrong', () => {
    const labels = { name: LABELS.name, text: SPLIT };
    expect(() => mimicCxrMapping({ labels, uncertain: 'exclude' })).toThrow(
      /^mimic-cxr-2\.0\.0-chexpert\.csv: lacks the column Pneumonia; it has: dicom_id/,
    );
    const mapping = mimicCxrMapping({ labels: LABELS, uncertain: 'exclude' });
    expect(() => indexManifest(SPLIT.replace('validate', 'dev'), { ...options, mapping })).toThrow(
      'row 4 has "dev" in the column split. Expected train, validate or test.',
    );
  });
});
