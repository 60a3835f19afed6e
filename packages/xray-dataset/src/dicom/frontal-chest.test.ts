import { describe, expect, it } from 'vitest';
import { frontalChestWarnings } from './frontal-chest.js';

const nothing = { patientId: undefined, modality: undefined, bodyPart: undefined, view: undefined };

describe('frontalChestWarnings', () => {
  // Values of the standard (PS3.3, C.8.11.2; PS3.16, annex L) and of public archives.
  it.each([
    {},
    { modality: 'DX', bodyPart: 'CHEST', view: 'PA' },
    { modality: 'CR', bodyPart: 'THORAX AP', view: 'AP' },
    { modality: 'RG', bodyPart: 'Chest', view: 'AP SUPINE' },
    { modality: 'OT', bodyPart: 'UNKNOWN', view: 'OTHER' },
    { bodyPart: 'CHESTABDOMEN' },
    { bodyPart: 'TORAX', view: 'Postero-anterior' },
    { bodyPart: 'PULMON', view: 'pa_erect' },
  ])('says nothing about %o', (facts) => {
    expect(frontalChestWarnings({ ...nothing, ...facts })).toEqual([]);
  });

  it.each([
    [{ modality: 'CT', bodyPart: 'CHEST' }, 'Modality CT'],
    [{ modality: 'MG' }, 'Modality MG'],
    [{ bodyPart: 'HIP', view: 'AP' }, 'Body Part Examined HIP'],
    [{ bodyPart: 'BREAST' }, 'Body Part Examined BREAST'],
    [{ modality: 'DX', bodyPart: 'CHEST', view: 'LL' }, 'View Position LL'],
    [{ view: 'LATERAL' }, 'View Position LATERAL'],
    [{ view: 'LLD' }, 'View Position LLD'],
    [{ modality: 'US', bodyPart: 'HAND' }, 'Modality US, Body Part Examined HAND'],
  ])('names what %o says', (facts, named) => {
    expect(frontalChestWarnings({ ...nothing, ...facts })).toEqual([
      { kind: 'not-frontal-chest', text: `says that it is no frontal chest radiograph: ${named}` },
    ]);
  });
});
