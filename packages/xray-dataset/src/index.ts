/**
 * Everything exported here is public and covered by semver; nothing else is.
 *
 * @module xray-dataset
 */
export type { AuditOptions, OpenedImage } from './audit/audit-dataset.js';
export { auditDataset } from './audit/audit-dataset.js';
export { DEFAULT_AUDIT_LIMITS } from './audit/inspect-image.js';
export { hammingDistance, perceptualHash } from './audit/perceptual-hash.js';
export type { CatalogEntry, CatalogFile, DatasetName } from './catalog/dataset-catalog.js';
export { DATASET_CATALOG, datasetNamed } from './catalog/dataset-catalog.js';
export type { BatchesOptions, StoreBatchSource } from './create-batches.js';
export { createBatches } from './create-batches.js';
export type { DecodeDicomOptions } from './dicom/decode-dicom.js';
export { decodeDicom } from './dicom/decode-dicom.js';
export type { DicomFacts } from './dicom/dicom-facts.js';
export { readDicomFacts } from './dicom/dicom-facts.js';
export { isDicom } from './dicom/dicom-file.js';
export type { PatientOverlap } from './errors.js';
export { BadImageError, DatasetLayoutError, PatientOverlapError, SplitMismatchError } from './errors.js';
export type { DatasetIndex, IndexOptions } from './index-files/index-files.js';
export { indexFiles } from './index-files/index-files.js';
export type { LeftOutFile } from './index-files/left-out-files.js';
export type { DatasetLayout } from './index-files/named-layouts.js';
export type { ColumnMappingOptions, FindingColumnsOptions } from './manifest/column-mapping.js';
export { columnMapping, findingColumnsMapping } from './manifest/column-mapping.js';
export type { ManifestIndex, ManifestOptions, SkippedRow } from './manifest/index-manifest.js';
export { indexManifest } from './manifest/index-manifest.js';
export type {
  ManifestEntry,
  ManifestMapping,
  ReaderRule,
  UncertainPolicy,
} from './manifest/manifest-mapping.js';
export { chexpertMapping } from './manifest/mappings/chexpert.js';
export { covidxMapping } from './manifest/mappings/covidx.js';
export type { MimicCxrOptions } from './manifest/mappings/mimic-cxr.js';
export { mimicCxrMapping } from './manifest/mappings/mimic-cxr.js';
export { nihMapping } from './manifest/mappings/nih.js';
export { padchestMapping } from './manifest/mappings/padchest.js';
export type { RsnaOptions } from './manifest/mappings/rsna.js';
export { rsnaMapping } from './manifest/mappings/rsna.js';
export { vindrCxrMapping, vindrPcxrMapping } from './manifest/mappings/vindr.js';
export type { ManifestTable } from './manifest/read-entries.js';
export type { ManifestRow, NeededColumns } from './manifest/read-table.js';
export type { MedmnistDataset, MedmnistOptions } from './medmnist/index-medmnist.js';
export { indexMedmnist } from './medmnist/index-medmnist.js';
export { createPixelStore } from './pixels/create-pixel-store.js';
export type { Decode, PixelStoreOptions } from './pixels/decode-pixels.js';
export { DEFAULT_MAX_PIXELS } from './pixels/image-size.js';
export { isColoured } from './pixels/is-coloured.js';
export type { DoubtfulImage, MemoryPixelStore, PixelStore, SkippedImage } from './pixels/pixel-store.js';
export { balancedClassWeights, countClasses } from './split/class-counts.js';
export type { HeldOutSource } from './split/hold-out-source.js';
export { holdOutSource } from './split/hold-out-source.js';
export type { KFoldOptions } from './split/k-fold-by-patient.js';
export { kFoldByPatient } from './split/k-fold-by-patient.js';
export { limitPerClass } from './split/limit-per-class.js';
export type { OwnSidesOptions, SideLists } from './split/own-sides.js';
export { assignSides, parseIdList, splitByOwnSides } from './split/own-sides.js';
export type { SharedPatients, SharedPatientsPolicy } from './split/shared-patients.js';
export { formatSplit, parseSplit } from './split/split-file.js';
export { splitAtRandom, splitByPatient } from './split/split-samples.js';
export type { SplitMethod, SplitOptions, Splits } from './split/splits.js';
export { assertPatientsDisjoint } from './split/splits.js';
export type { SyntheticDataset, SyntheticDatasetOptions } from './synthetic/create-synthetic-dataset.js';
export { createSyntheticDataset } from './synthetic/create-synthetic-dataset.js';
export type { SyntheticXrayOptions } from './synthetic/draw-synthetic-xray.js';
export { drawSyntheticXray } from './synthetic/draw-synthetic-xray.js';
export type { SyntheticFinding } from './synthetic/lung-disease.js';
