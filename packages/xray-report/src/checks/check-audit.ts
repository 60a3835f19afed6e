import { count, finite, listOf, nullable, objectOf, oneOf, optional, side, text } from './check-values.js';

const sideName = oneOf('train', 'validation', 'test');
const across = listOf(oneOf('splits', 'classes', 'patients'));
const ids = listOf(text, 2);
const range = objectOf({ smallest: side, median: side, largest: side });
const SUSPICIONS = ['blank', 'tiny', 'elongated', 'coloured', 'inverted', 'flatBorder', 'textBar'] as const;

/** A `DatasetAudit` of `xray-core`. */
export const audit = objectOf({
  imageCount: count,
  patientCount: count,
  imagesOfUnknownPatients: optional(count),
  counts: listOf(objectOf({ split: nullable(sideName), finding: text, images: count, patients: count })),
  sizes: nullable(
    objectOf({
      height: range,
      width: range,
      different: count,
      mostCommon: listOf(objectOf({ height: side, width: side, images: count })),
    }),
  ),
  pixelKinds: listOf(objectOf({ channels: oneOf(1, 3), bits: oneOf(8, 16), images: count })),
  unreadable: listOf(objectOf({ id: text, reason: text })),
  exactDuplicates: listOf(objectOf({ ids, same: oneOf('bytes', 'pixels'), across })),
  nearDuplicates: listOf(objectOf({ ids, distance: count, correlation: finite, across })),
  patientsOnSeveralSides: listOf(
    objectOf({
      patientId: text,
      images: objectOf({ train: optional(count), validation: optional(count), test: optional(count) }),
    }),
  ),
  doubtful: optional(listOf(objectOf({ id: text, kind: text, text }))),
  suspicious: listOf(objectOf({ id: text, kind: oneOf(...SUSPICIONS), value: finite })),
  limits: objectOf(
    Object.fromEntries([...SUSPICIONS, 'nearDistance', 'nearCorrelation'].map((name) => [name, finite])),
  ),
});
