import { describe, expect, it } from 'vitest';
import { NORMAL_PNEUMONIA as classList } from 'xray-core';
import { indexManifest } from '../index-manifest.js';
import { padchestMapping } from './padchest.js';

const HEADER =
  ',ImageID,ImageDir,StudyDate_DICOM,StudyID,PatientID,PatientBirth,PatientSex_DICOM,ViewPosition_DICOM,Projection,MethodProjection,Pediatric,Modality_DICOM,Manufacturer_DICOM,PhotometricInterpretation_DICOM,PixelRepresentation_DICOM,PixelAspectRatio_DICOM,SpatialResolution_DICOM,BitsStored_DICOM,WindowCenter_DICOM,WindowWidth_DICOM,Rows_DICOM,Columns_DICOM,XRayTubeCurrent_DICOM,Exposure_DICOM,ExposureInuAs_DICOM,ExposureTime,RelativeXRayExposure_DICOM,ReportID,Report,MethodLabel,Labels,Localizations,LabelsLocalizationsBySentence,labelCUIS,LocalizationsCUIS';

/** A row as the table writes it: lists quoted where they have commas. */
const row = (at: number, image: string, patient: string, projection: string, labels: string) =>
  `${at},${image},0,20170124,1253741519,${patient},1953.0,F,PA,${projection},Manual review of DICOM fields,No,DX,PhilipsMedicalSystems,MONOCHROME2,0,None,0.148,12,2047.5,4095,2279,2778,None,1,1200,5,369,5305389, sin hallazg ; pulmonar,Physician,${labels},[],"[['scoliosis'], ['normal'], ['normal']]",['C0036439' 'C2828075'],[]`;

const TABLE = [
  HEADER,
  row(0, '125374151943505747025890313053997514922_j5rk5q.png', '100002652742', 'PA', `['normal']`),
  row(
    1,
    '336326204749794028912525116839151974960_vsaz23.png',
    '100013367876',
    'PA',
    `"['laminar atelectasis', 'pneumonia', 'suboptimal study']"`,
  ),
  row(
    2,
    '216840111366964013534861372972012353112932019_01-129-187.png',
    '100026982716',
    'AP_horizontal',
    `"['normal', 'unchanged']"`,
  ),
  row(
    3,
    '216840111366964013199786354762011304090209759_01-001-141.png',
    '100058298117',
    'L',
    `"['costophrenic angle blunting', ' hemidiaphragm elevation']"`,
  ),
  row(
    4,
    '12986792586879524468475227325378905558_f8k8bq.png',
    '100059873297',
    'PA',
    `"['pneumonia', 'exclude']"`,
  ),
  row(5, '318099584815157573909341904878106290504_erj1pn.png', '100055721799', 'PA', 'nan'),
].join('\n');
const files = [...TABLE.matchAll(/\d+,(\S+?\.png)/g)].map(([, name]) => `0/${name}`);

describe('padchestMapping', () => {
  it('reads labels that are written as Python writes lists', () => {
    const { samples } = indexManifest(TABLE, { mapping: padchestMapping(), files });
    const findings = new Map(samples.map(({ id, finding }) => [files.indexOf(id), finding]));
    expect([...findings].sort().map(([, finding]) => finding)).toEqual([
      'normal',
      'laminar atelectasis|pneumonia|suboptimal study',
      'normal|unchanged',
      'costophrenic angle blunting|hemidiaphragm elevation',
      'unlabelled',
      'unlabelled',
    ]);
  });

  it('keeps what the class list knows, and counts the rest', () => {
    const options = { mapping: padchestMapping(), classList, onUnknownFinding: 'skip' } as const;
    const { samples, skipped, findings } = indexManifest(TABLE, { ...options, files });
    expect(findings).toEqual({ normal: 2, pneumonia: 1 });
    expect(samples.map(({ patientId }) => patientId).sort()).toEqual([
      '100002652742',
      '100013367876',
      '100026982716',
    ]);
    expect(skipped.map(({ line, reason }) => [line, reason])).toEqual(
      [5, 6, 7].map((line) => [line, 'unknown-finding']),
    );
    const flat = files.map((file) => file.replace('0/', 'images-224/'));
    expect(indexManifest(TABLE, { ...options, files: flat, views: ['PA'] }).findings).toEqual({
      normal: 1,
      pneumonia: 1,
    });
  });
});
