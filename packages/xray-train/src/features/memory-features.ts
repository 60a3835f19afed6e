import { type FeatureFacts, type FeatureStore, type Features, rowIndexer, rowSize } from './features.js';

/** Features that live as long as the process: for browsers, tests and small sets. Takes `4 * rows * rowSize` bytes. */
export function memoryFeatures(): FeatureStore {
  const stored = new Map<string, Features>();
  return {
    open: async (key) => stored.get(key),
    async create(facts, fill) {
      const parts: Float32Array[] = [];
      await fill({ write: async (values) => void parts.push(Float32Array.from(values)) });
      const features = overArray(facts, joined(parts));
      stored.set(facts.key, { ...features, close: async () => {} });
      return stored.get(facts.key)!;
    },
  };
}

function overArray(facts: FeatureFacts, values: Float32Array): Omit<Features, 'close'> {
  const size = rowSize(facts.shape);
  const indexOf = rowIndexer(facts);
  return {
    ...facts,
    async read(rows) {
      const result = new Float32Array(rows.length * size);
      rows.forEach((row, place) => {
        const start = indexOf(row) * size;
        result.set(values.subarray(start, start + size), place * size);
      });
      return result;
    },
  };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const result = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
