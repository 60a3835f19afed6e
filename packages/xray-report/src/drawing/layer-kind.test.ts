import { describe, expect, it } from 'vitest';
import { layerKind } from './layer-kind.js';

describe('layerKind', () => {
  it.each([
    ['InputLayer', 'input'],
    ['Conv2D', 'convolution'],
    ['DepthwiseConv2D', 'convolution'],
    ['MaxPooling2D', 'pooling'],
    ['GlobalAveragePooling2D', 'pooling'],
    ['Dense', 'dense'],
    ['BatchNormalization', 'normalisation'],
    ['Activation', 'activation'],
    ['ReLU', 'activation'],
    ['Dropout', 'regularisation'],
    ['SpatialDropout2D', 'regularisation'],
    ['Flatten', 'reshaping'],
    ['ZeroPadding2D', 'reshaping'],
    ['Concatenate', 'reshaping'],
    ['Add', 'reshaping'],
    ['Attention', 'other'],
  ])('%s is %s', (type, kind) => {
    expect(layerKind(type)).toBe(kind);
  });
});
