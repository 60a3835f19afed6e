// Everything exported here is public and covered by semver; nothing else is.
export { writeFileAtomic } from './atomic-file.js';
export type { ChecksummedStore, StoreKind } from './checksummed-store.js';
export { readStore, writeStore } from './checksummed-store.js';
