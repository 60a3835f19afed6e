/**
 * Everything exported here is public and covered by semver; nothing else is.
 *
 * @module xray-core/node
 */
export { writeError, writeFileAtomic } from './atomic-file.js';
export type { ChecksummedStore, StoreKind } from './checksummed-store.js';
export { readStore, writeStore } from './checksummed-store.js';
export type { PutRecords } from './create-record-file.js';
export { createRecordFile } from './create-record-file.js';
export type { DownloadProblem } from './download-error.js';
export { DownloadError } from './download-error.js';
export type { DownloadedFile, DownloadOptions } from './download-file.js';
export { downloadFile } from './download-file.js';
export { hashFile } from './hash-file.js';
export type { RecordFile } from './open-record-file.js';
export { openRecordFile } from './open-record-file.js';
export type { RecordFileProblem, RecordKind, RecordSpec } from './record-layout.js';
export { RecordFileError } from './record-layout.js';
export type { ReusedRecordFile } from './reuse-record-file.js';
export { reuseRecordFile } from './reuse-record-file.js';
export { claimWorkFolder, releaseWorkFolder } from './work-folder.js';
