import type { ColorName } from '../theme.js';

/** What a layer does, as far as a drawing needs to know. */
export type LayerKind =
  | 'input'
  | 'convolution'
  | 'pooling'
  | 'dense'
  | 'normalisation'
  | 'activation'
  | 'regularisation'
  | 'reshaping'
  | 'other';

/** Colour of each kind, in the order of a legend. */
export const KIND_COLORS: Readonly<Record<LayerKind, ColorName>> = {
  input: 'gray',
  convolution: 'blue',
  pooling: 'sky',
  dense: 'vermillion',
  normalisation: 'green',
  activation: 'orange',
  regularisation: 'purple',
  reshaping: 'gray',
  other: 'gray',
};

/** First match wins: `GlobalMaxPooling2D` pools, `DepthwiseConv2D` convolves. */
const PATTERNS: readonly (readonly [RegExp, LayerKind])[] = [
  [/input/i, 'input'],
  [/pool/i, 'pooling'],
  [/conv/i, 'convolution'],
  [/normali[sz]ation|rescaling/i, 'normalisation'],
  [/dropout|noise|random/i, 'regularisation'],
  [/dense|lstm|gru/i, 'dense'],
  [/activation|relu|softmax|elu|sigmoid/i, 'activation'],
  [/flatten|reshape|padding|cropping|permute|concat|add|repeat|upsampling|resiz/i, 'reshaping'],
];

/** Kind of a layer by its class name in TensorFlow.js; own layers that match nothing are `other`. */
export function layerKind(type: string): LayerKind {
  return PATTERNS.find(([pattern]) => pattern.test(type))?.[1] ?? 'other';
}
