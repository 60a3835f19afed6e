import { describe, expect, it } from 'vitest';
import { NORMAL_PNEUMONIA as classList, classListOf } from 'xray-core';
import { indexManifest } from '../index-manifest.js';
import { nihMapping } from './nih.js';

describe('nihMapping', () => {
  it('reads joined findings, patients and views', () => {
    const text = [
      'Image Index,Finding Labels,Follow-up #,Patient ID,View Position,OriginalImage[Width,Height],',
      '00000001_000.png,Effusion|Pneumonia,0,1,PA,2682,2749,',
      '00000001_001.png,No Finding,1,1,AP,2682,2749,',
      '00000002_000.png,Mass,0,2,PA,2682,2749,',
    ].join('\n');
    const options = {
      mapping: nihMapping(),
      classList,
      files: ['images_001/images/00000001_000.png', 'images_001/images/00000001_001.png', '00000002_000.png'],
      onUnknownFinding: 'skip',
    } as const;
    const { samples, skipped, patientCount } = indexManifest(text, options);
    expect(samples.map(({ finding, patientId }) => [finding, patientId])).toEqual([
      ['pneumonia', '1'],
      ['normal', '1'],
    ]);
    expect(skipped.map(({ reason }) => reason)).toEqual(['unknown-finding']);
    expect(patientCount).toBe(1);
    const frontal = indexManifest(text, { ...options, views: ['PA'] });
    expect(frontal.skipped.map(({ reason }) => reason)).toEqual(['view', 'unknown-finding']);
    const two = { ...options, classList: classListOf(['effusion', 'pneumonia']) };
    expect(() => indexManifest(text, two)).toThrow(/gives no samples: all 3 images.*several-classes/);
  });
});
