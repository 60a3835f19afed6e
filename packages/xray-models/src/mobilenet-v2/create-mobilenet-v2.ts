import { input, type LayersModel, layers, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { InvalidArgumentError, type OptionNames, refuseUnknownOptions } from 'xray-core';
import { glorotUniform } from '../glorot-uniform.js';
import { checkImageShape, type ImageShape } from '../image-shape.js';
import { batchNormalization } from '../layers/batch-normalization.js';
import { withChannels } from '../with-channels.js';
import { type Pooling, withTop } from '../with-top.js';
import { channelsOf, INVERTED_RESIDUALS, type InvertedResidual } from './inverted-residuals.js';

const OPTIONS: OptionNames<MobileNetV2Options> = {
  imageShape: true,
  alpha: true,
  includeTop: true,
  pooling: true,
  classes: true,
  rescale: true,
  seed: true,
};

/** Options of `createMobileNetV2`. */
export interface MobileNetV2Options {
  /**
   * Shape of one image of a batch, at least 32x32. A gray image is repeated to three channels inside the graph.
   *
   * @default [224, 224, 1]
   */
  imageShape?: ImageShape | undefined;
  /** Width of the network: every layer has this share of the channels, but the last one no fewer than 1280. @default 1 */
  alpha?: number | undefined;
  /** Average pooling and a softmax layer over `classes` behind the last block. @default false */
  includeTop?: boolean | undefined;
  /** What the features are pooled by where there is no top. @default 'none' */
  pooling?: Pooling | undefined;
  /** Of the top, at least 2. @default 1000 */
  classes?: number | undefined;
  /** Whether pixels in `[0, 1]` are brought to `[-1, 1]`, which ImageNet weights expect, inside the graph. @default true */
  rescale?: boolean | undefined;
  /** Seed of the initial weights. @default 0 */
  seed?: number | undefined;
}

/** Five halvings leave one pixel. */
const MINIMUM_SIZE = 32;

/**
 * Builds MobileNetV2, as in Keras: same layer names, same counts. A light base, also for browsers: with alpha 1
 * 2,257,984 parameters without top, 3,538,984 with it and 1,000 classes.
 *
 * - Input: float32 `[batch, height, width, channels]`, pixels in `[0, 1]`.
 * - Output: features float32 `[batch, h, w, 1280]` (7x7 for images of 224 pixels; more channels with an alpha above 1),
 *   pooled ones `[batch, 1280]`, or with a top probabilities `[batch, classes]`.
 *
 * All layers train; `freeze` changes that. The caller owns the model.
 *
 * @throws {InvalidArgumentError} If the images are smaller than 32x32 or an option is out of range.
 *
 * @see Sandler et al. 2018, https://arxiv.org/abs/1801.04381
 *
 * @example
 * const base = createMobileNetV2({ imageShape: [224, 224, 1], pooling: 'average' });
 */
export function createMobileNetV2(options: MobileNetV2Options = {}): LayersModel {
  refuseUnknownOptions('createMobileNetV2', options, OPTIONS);
  const { imageShape = [224, 224, 1], includeTop = false, pooling = 'none', classes = 1000 } = options;
  const { alpha = 1, rescale = true, seed = 0 } = options;
  checkImageShape(imageShape, MINIMUM_SIZE);
  if (!(alpha > 0 && Number.isFinite(alpha))) {
    throw new InvalidArgumentError({ argument: 'alpha', expected: 'a positive number', received: alpha });
  }

  const image = input({ shape: [...imageShape], name: 'image' });
  let x = withChannels(image, 3);
  if (rescale) x = layers.rescaling({ scale: 2, offset: -1, name: 'rescaling' }).apply(x) as SymbolicTensor;
  const first = convolution('Conv1', channelsOf(32, alpha), seed, { kernelSize: 3, strides: 2 });
  x = through(x, [first, normalization('bn_Conv1'), relu6('Conv1_relu')]);
  for (const block of INVERTED_RESIDUALS) x = invertedResidual(x, block, alpha, seed);
  const last = convolution('Conv_1', alpha > 1 ? channelsOf(1280, alpha) : 1280, seed);
  x = through(x, [last, normalization('Conv_1_bn'), relu6('out_relu')]);
  const outputs = withTop(x, { includeTop, pooling, classes, seed });
  return model({ inputs: image, outputs, name: 'mobilenet_v2' });
}

/** Expand, filter every channel for itself, project; and the input added where the shapes are the same. */
function invertedResidual(
  x: SymbolicTensor,
  block: InvertedResidual,
  alpha: number,
  seed: number,
): SymbolicTensor {
  const { prefix, filters, stride, expansion } = block;
  const given = x.shape.at(-1)!;
  const wanted = channelsOf(filters, alpha);
  let y = x;
  if (expansion > 1) {
    const expand = convolution(`${prefix}expand`, given * expansion, seed);
    y = through(y, [expand, normalization(`${prefix}expand_BN`), relu6(`${prefix}expand_relu`)]);
  }
  if (stride === 2) {
    // As Keras pads: so that odd and even sizes are halved alike.
    const padding = y.shape.slice(1, 3).map((size) => [size! % 2, 1] as [number, number]);
    y = through(y, [
      layers.zeroPadding2d({
        padding: padding as [[number, number], [number, number]],
        name: `${prefix}pad`,
      }),
    ]);
  }
  const depthwise = layers.depthwiseConv2d({
    kernelSize: 3,
    strides: stride,
    padding: stride === 2 ? 'valid' : 'same',
    useBias: false,
    depthwiseInitializer: glorotUniform(seed, `${prefix}depthwise`),
    name: `${prefix}depthwise`,
  });
  y = through(y, [depthwise, normalization(`${prefix}depthwise_BN`), relu6(`${prefix}depthwise_relu`)]);
  y = through(y, [convolution(`${prefix}project`, wanted, seed), normalization(`${prefix}project_BN`)]);
  if (given !== wanted || stride !== 1) return y;
  return layers.add({ name: `${prefix}add` }).apply([x, y]) as SymbolicTensor;
}

function convolution(
  name: string,
  filters: number,
  seed: number,
  shape = { kernelSize: 1, strides: 1 },
): layers.Layer {
  return layers.conv2d({
    ...shape,
    filters,
    padding: 'same',
    useBias: false,
    kernelInitializer: glorotUniform(seed, name),
    name,
  });
}

const normalization = (name: string) => batchNormalization({ epsilon: 1e-3, momentum: 0.999, name });
const relu6 = (name: string) => layers.reLU({ maxValue: 6, name });

function through(x: SymbolicTensor, steps: readonly layers.Layer[]): SymbolicTensor {
  return steps.reduce((value, layer) => layer.apply(value) as SymbolicTensor, x);
}
