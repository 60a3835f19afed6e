import { describe, expect, it } from 'vitest';
import { visibleGpus } from './visible-gpus.js';

describe('visibleGpus', () => {
  it('takes CUDA_VISIBLE_DEVICES as CUDA does, or what nvidia-smi lists', () => {
    const listed = () => '0\n1\n2\n';
    expect(visibleGpus(undefined, listed)).toEqual(['0', '1', '2']);
    expect(visibleGpus('2, 0', listed)).toEqual(['2', '0']);
    expect(visibleGpus('GPU-8932f937,1,-1,2', listed)).toEqual(['GPU-8932f937', '1']);
    expect(visibleGpus('', listed)).toEqual([]);
    expect(visibleGpus('-1', listed)).toEqual([]);
    expect(visibleGpus(undefined, () => undefined)).toEqual([]);
  });
});
