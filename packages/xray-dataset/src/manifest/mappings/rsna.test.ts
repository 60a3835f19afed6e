import { describe, expect, it } from 'vitest';
import { NORMAL_PNEUMONIA as classList, FileError } from 'xray-core';
import { indexManifest } from '../index-manifest.js';
import { rsnaMapping } from './rsna.js';

const BOXES = 'patientId,x,y,width,height,Target\na1,1,2,3,4,1\na1,5,6,7,8,1\nb2,,,,,0\n';
const files = ['stage_2_train_images/a1.dcm', 'stage_2_train_images/b2.dcm'];

/** With the fields of the list that matter here, in the order they have there. */
const NIH_IMAGES = JSON.stringify([
  { subset_img_id: 'a1', img_id: '00013118_008.png', orig_labels: ['Pneumonia'] },
  { subset_img_id: 'b2', img_id: '00013118_011.png', orig_labels: ['No Finding'] },
]);

describe('rsnaMapping', () => {
  it('joins the rows of one image, whose patient nobody knows', () => {
    const options = {
      mapping: rsnaMapping(),
      classList,
      files,
      patientIdOf: (file: string) => file.slice(-6),
    };
    const { samples } = indexManifest(BOXES, options);
    expect(
      samples.map(({ finding, patientId, isPatientUnknown }) => [finding, patientId, isPatientUnknown]),
    ).toEqual([
      ['pneumonia', files[0], true],
      ['normal', files[1], true],
    ]);
    expect(() => indexManifest(`${BOXES}b2,1,2,3,4,1\n`, options)).toThrow(
      /row 5 contradicts row 4 about b2/,
    );
    const classes = 'patientId,class\na1,Lung Opacity\nb2,No Lung Opacity / Not Normal\n';
    const detailed = indexManifest(classes, { ...options, onUnknownFinding: 'skip' });
    expect(detailed.findings).toEqual({ pneumonia: 1 });
    expect(detailed.skipped).toEqual([
      { image: 'b2', table: 'manifest', line: 3, reason: 'unknown-finding' },
    ]);
  });

  it('finds the patients in the list of NIH images', () => {
    const mapping = rsnaMapping({ nihImages: { name: 'list.json', text: NIH_IMAGES } });
    const { samples, patientCount } = indexManifest(BOXES, { mapping, classList, files });
    expect(samples.map(({ patientId }) => patientId)).toEqual(['13118', '13118']); // as nihMapping names them
    expect(samples.some(({ isPatientUnknown }) => isPatientUnknown)).toBe(false);
    expect(patientCount).toBe(1);
    expect(() => indexManifest(`${BOXES}c3,,,,,0\n`, { mapping, classList, files })).toThrow(
      'row 5 names c3, which list.json does not',
    );
  });

  it.each([
    '',
    '[]',
    '{}',
    '[{"img_id": "a.png"}]',
    '[null]',
    '[{"subset_img_id": "a", "img_id": "x_1.png"}]',
  ])('refuses %j as that list', (text) => {
    const read = () => rsnaMapping({ nihImages: { name: 'list.json', text } });
    expect(read).toThrow(/^list\.json: is no list of RSNA images/);
    expect(read).toThrow(FileError);
  });
});
