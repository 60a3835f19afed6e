import { describe, expect, it } from 'vitest';
import { storedWeightBytes } from './stored-weight-bytes.js';

describe('storedWeightBytes', () => {
  it('counts what is stored, not what it becomes', () => {
    const shape = [2, 3];
    const quantised = (dtype: 'uint8' | 'uint16' | 'float16') =>
      ({ name: dtype, shape, dtype: 'float32', quantization: { dtype } }) as const;
    expect(storedWeightBytes([])).toBe(0);
    expect(storedWeightBytes([{ name: 'scalar', shape: [], dtype: 'float32' }])).toBe(4);
    expect(storedWeightBytes([{ name: 'steps', shape, dtype: 'int32' }])).toBe(24);
    expect(storedWeightBytes([quantised('uint8'), quantised('uint16'), quantised('float16')])).toBe(30);
  });

  it('cannot tell of texts', () => {
    expect(storedWeightBytes([{ name: 'names', shape: [3], dtype: 'string' }])).toBeUndefined();
  });
});
