import type { ImageWarning } from 'xray-core';
import type { DicomFacts } from './dicom-facts.js';

/** Modalities of radiographs, and those that say nothing. */
const RADIOGRAPH = new Set(['CR', 'DX', 'DR', 'RG', 'OT', 'SC']);
/** Names of the chest, in the standard and in the languages and spellings of real files. */
const CHEST = /CHEST|THORA|TORA[CX]|THX|LUNG|PULM|POUMON|BRUST/;
const SAYS_NOTHING = /^(UNKNOWN|OTHER|UNSPECIFIED|NONE|NA|N\/A|DEFAULT|X+|-+)$/;
const FRONTAL = /(^|[^A-Z])(AP|PA)([^A-Z]|$)|FRONT|ANTERO|POSTERO/;

/**
 * @internal Warnings about files whose tags say that they are no frontal chest radiographs. Nothing is said where tags are
 * absent or vague.
 *
 * @see DICOM PS3.3, C.7.3.1.1.1 (modality), C.8.11.2 (view position), PS3.16, annex L (body parts)
 */
export function frontalChestWarnings({ modality, bodyPart, view }: DicomFacts): ImageWarning[] {
  const is = (value: string | undefined, isFine: (text: string) => boolean): boolean => {
    const text = value?.toUpperCase();
    return text === undefined || SAYS_NOTHING.test(text) || isFine(text);
  };
  const problems = [
    ...(is(modality, (text) => RADIOGRAPH.has(text)) ? [] : [`Modality ${modality}`]),
    ...(is(bodyPart, (text) => CHEST.test(text)) ? [] : [`Body Part Examined ${bodyPart}`]),
    ...(is(view, (text) => FRONTAL.test(text)) ? [] : [`View Position ${view}`]),
  ];
  if (problems.length === 0) return [];
  return [
    {
      kind: 'not-frontal-chest',
      text: `says that it is no frontal chest radiograph: ${problems.join(', ')}`,
    },
  ];
}
