import { describe, expect, it } from 'vitest';
import { NORMAL_PNEUMONIA as classList, InvalidArgumentError } from 'xray-core';
import { indexManifest } from 'xray-dataset';
import { mappingOf } from './manifest-mapping.js';

describe('mappingOf', () => {
  it('reads columns, what separates findings, and what cell texts mean', () => {
    const mapping = mappingOf('image=file,finding=label,patient=subject,view=position,separator=|', {
      findings: '0=normal,1=pneumonia,e=edema',
    });
    const csv = 'file,label,subject,position\na.png,0,7,PA\nb.png,e|1,8,AP\n';
    const files = ['a.png', 'b.png'];
    expect(indexManifest(csv, { mapping, classList, files }).samples).toEqual([
      { id: 'a.png', source: 'a.png', finding: 'normal', patientId: '7' },
      { id: 'b.png', source: 'b.png', finding: 'pneumonia', patientId: '8' },
    ]);
    expect(indexManifest(csv, { mapping, classList, files, views: ['PA'] }).samples).toHaveLength(1);
  });

  it('knows ready mappings by name', () => {
    const csv = 'patientId,class\nx,Lung Opacity\n';
    const options = { mapping: mappingOf('rsna-pneumonia', {}), classList, files: ['x.dcm'] };
    expect(indexManifest(csv, options).findings).toEqual({ pneumonia: 1 });
    expect(mappingOf('nih-chest-xray14', {}).columns).toContain('Finding Labels');
    expect(mappingOf('chexpert', { uncertain: 'negative' }).uncertain).toBe('negative');
    expect(mappingOf('vindr-cxr', { readers: 'all' }).readers).toBe('all');
    expect(mappingOf('vindr-pcxr', {}).columns).toContain('Bronchiolitis');
    expect(mappingOf('padchest', {}).columns).toContain('ImageID');
    expect(mappingOf('covidx', {}).rowsOf).toBeDefined();
    const labels = { name: 'labels', text: 'study_id,Pneumonia\n1,1\n' };
    const mimic = mappingOf('mimic-cxr-jpg', { uncertain: 'exclude' }, { labels });
    const split = 'dicom_id,study_id,subject_id,split\nx,1,7,test\n';
    expect(indexManifest(split, { ...options, mapping: mimic }).samples).toMatchObject([
      { finding: 'pneumonia', patientId: '7', split: 'test' },
    ]);
  });

  it('reads a column per finding, with readers', () => {
    const mapping = mappingOf('image=file,columns=Pneumonia+No finding,patient=who,split=side,reader=by', {
      ...{ uncertain: 'positive', readers: 'any', findings: 'Pneumonia=pneumonia' },
    });
    const csv = 'file,Pneumonia,No finding,who,side,by\na.png,0,1,7,train,x\na.png,-1,,7,train,y\n';
    expect(indexManifest(csv, { mapping, classList, files: ['a.png'] }).samples).toEqual([
      { id: 'a.png', source: 'a.png', finding: 'pneumonia', patientId: '7', split: 'train' },
    ]);
  });

  it.each([
    'image=file,finding=label,separator=,',
    'image=file,separator=,,finding=label',
    'separator=,,image=file,finding=label',
  ])('takes a comma for a separator: %s', (text) => {
    const csv = 'file;label\na.png;edema, pneumonia\n';
    const options = { mapping: mappingOf(text, {}), classList, files: ['a.png'] };
    expect(indexManifest(csv, options).findings).toEqual({ pneumonia: 1 });
  });

  it('takes lists as Python writes them, without a separator', () => {
    const csv = `file,label\na.png,"['edema', 'pneumonia']"\n`;
    const options = { mapping: mappingOf('image=file,finding=label', {}), classList, files: ['a.png'] };
    expect(indexManifest(csv, options).findings).toEqual({ pneumonia: 1 });
  });

  it.each([
    ['chexpert', {}, /`--uncertain` must be positive, negative or exclude with --mapping chexpert/],
    [
      'nih-chest-xray14',
      { uncertain: 'exclude' },
      /`--uncertain` must be left out without --mapping chexpert, mimic-cxr-jpg or columns/,
    ],
    ['rsna-pneumonia', { findings: '0=normal' }, /`--findings` must be left out without --mapping with col/],
    [
      'kaggle',
      {},
      /`--mapping` must be one of nih-chest-xray14, rsna-pneumonia, chexpert, .*, covidx, or columns/,
    ],
    [
      'image=file',
      {},
      /must be columns for image and either finding or columns, .*patient, view, split, origin, reader, sep/,
    ],
    ['image=file,finding=a,columns=b', {}, /must be columns for image and either finding or columns/],
    ['mimic-cxr-jpg', {}, /`--uncertain` must be positive, negative or exclude with --mapping mimic-cxr-jpg/],
    ['chexpert', { readers: 'all' }, /`--readers` must be left out without --mapping vindr-cxr or reader/],
    ['image=file,finding=label', { uncertain: 'exclude' }, /`--uncertain` must be left out without/],
    ['image=file,finding=label', { readers: 'any' }, /`--readers` must be left out without columns=/],
    ['image=file,finding=label,reader=by', {}, /`reader` must be left out without columns=/],
    ['image=file,columns=a', { readers: 'any' }, /`--readers` must be left out without reader=/],
    ['image=file,columns=a,separator=|', {}, /`separator` must be left out without finding=/],
    ['image=file,finding=label,sex=gender', {}, /Received: "image=file,finding=label,sex=gender"/],
    ['image=file,finding', {}, /`--mapping` must be pairs as in name=value/],
    ['image=file,finding=label', { findings: 'normal' }, /`--findings` must be pairs as in name=value/],
  ] as const)('says what is wrong with %s and %o', (mapping, flags, message) => {
    expect(() => mappingOf(mapping, flags)).toThrow(message);
    expect(() => mappingOf(mapping, flags)).toThrow(InvalidArgumentError);
  });
});
