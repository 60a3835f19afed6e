/**
 * Everything exported here is public and covered by semver; nothing else is.
 *
 * @module xray-dataset/node
 */
export type { CachedPixelStore, CachedPixelStoreOptions } from './cached-pixel-store.js';
export { cachedPixelStore } from './cached-pixel-store.js';
export type { DecodeOptions } from './decode-image-file.js';
export { decodeImageFile, fileDecoder } from './decode-image-file.js';
export type { DownloadDatasetOptions, DownloadedDataset } from './download-dataset.js';
export { downloadDataset } from './download-dataset.js';
export { encodePng } from './encode-png.js';
export type { IndexFolderOptions } from './index-folder.js';
export { indexFolder } from './index-folder.js';
export type { ManifestFileOptions } from './index-manifest-file.js';
export { indexManifestFile } from './index-manifest-file.js';
export { listImages } from './list-images.js';
export { openImageFile } from './open-image-file.js';
export { readTableText } from './read-table-text.js';
export { loadSplit, saveSplit } from './split-files.js';
export type { UnpackedZip, UnpackOptions } from './unpack-zip.js';
export { unpackZip } from './unpack-zip.js';
export type { UnpackLimits } from './zip-entries.js';
