import { createRecordFile, openRecordFile, type RecordFile, RecordFileError } from 'xray-core/node';
import {
  type FeatureFacts,
  type FeatureStore,
  type Features,
  type FeatureWriter,
  rowIndexer,
  rowSize,
} from '../features/features.js';

const KIND = { kind: 'xray-features', version: 2 } as const;

type StoredFacts = Omit<FeatureFacts, 'key'>;

/**
 * Keeps features in one file, 4 bytes per value: written row by row as they are computed, atomically, and read row by
 * row, so that memory stays bounded whatever their size. A file of other features, or a damaged one, is replaced.
 *
 * @param file - Created with its folder; a set of the study's size behind InceptionV3 takes 0.9 GB per variant.
 * @throws {FileError} If the disk is full, the folder is read-only, or the file is something else altogether.
 *
 * @example
 * const features = await extractFeatures({ base, source, dataHash, store: fileFeatures('runs/cache/train.features') });
 */
export function fileFeatures(file: string): FeatureStore {
  async function open(key: string): Promise<Features | undefined> {
    let records: RecordFile | undefined;
    try {
      records = openRecordFile(file, { ...KIND, key });
      await records.verify();
      return overRecords(records);
    } catch (error) {
      records?.close();
      if (error instanceof RecordFileError && error.reason !== 'foreign') return undefined; // it is made again
      throw error;
    }
  }
  return {
    open,
    async create(facts, fill) {
      const { key, ...stored } = facts;
      const recordBytes = rowSize(facts.shape) * 4;
      const count = facts.ids.length * facts.variants;
      await createRecordFile(
        file,
        { ...KIND, key, recordBytes, count },
        async (put): Promise<StoredFacts> => {
          let next = 0;
          const writer: FeatureWriter = {
            async write(values) {
              const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
              const first = next;
              next += bytes.byteLength / recordBytes;
              await put(first, bytes);
            },
          };
          await fill(writer);
          return stored;
        },
      );
      return (await open(key))!;
    },
  };
}

function overRecords(records: RecordFile): Features {
  const facts = { ...(records.facts as StoredFacts), key: records.key };
  const indexOf = rowIndexer(facts);
  const size = rowSize(facts.shape);
  return {
    ...facts,
    async read(rows) {
      const values = new Float32Array(rows.length * size);
      records.readRecords(rows.map(indexOf), new Uint8Array(values.buffer));
      return values;
    },
    close: async () => records.close(),
  };
}
