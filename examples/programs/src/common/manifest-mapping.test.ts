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
  });

  it.each([
    ['chexpert', {}, /`--uncertain` must be positive, negative or exclude with --mapping chexpert/],
    [
      'nih-chest-xray14',
      { uncertain: 'exclude' },
      /`--uncertain` must be left out without --mapping chexpert/,
    ],
    ['rsna-pneumonia', { findings: '0=normal' }, /`--findings` must be left out without --mapping with col/],
    ['kaggle', {}, /`--mapping` must be one of nih-chest-xray14, rsna-pneumonia, chexpert, or columns/],
    ['image=file', {}, /`--mapping` must be columns for image and finding, .*patient, view, separator/],
    ['image=file,finding=label,sex=gender', {}, /Received: "image=file,finding=label,sex=gender"/],
    ['image=file,finding', {}, /`--mapping` must be pairs as in name=value/],
    ['image=file,finding=label', { findings: 'normal' }, /`--findings` must be pairs as in name=value/],
  ] as const)('says what is wrong with %s and %o', (mapping, flags, message) => {
    expect(() => mappingOf(mapping, flags)).toThrow(message);
    expect(() => mappingOf(mapping, flags)).toThrow(InvalidArgumentError);
  });
});
