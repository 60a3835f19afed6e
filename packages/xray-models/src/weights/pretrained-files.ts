import type { ImageShape } from '../image-shape.js';

/** A published file of pretrained weights. */
export interface PretrainedFile {
  readonly url: string;
  readonly fileName: string;
  /** As the publisher gives it. */
  readonly md5: string;
  /** The factory of this package that the weights fit. */
  readonly architecture: 'inception-v3';
  /** Whether the classifier of 1,000 classes is in it. */
  readonly includeTop: boolean;
  /** Images that it was trained on; others do, from 75x75. */
  readonly imageShape: ImageShape;
  /** Values of pixels that it was trained on. The factory brings `[0, 1]` there, unless `rescale` is false. */
  readonly inputRange: readonly [low: number, high: number];
  readonly trainedOn: string;
  /** SPDX identifier. */
  readonly license: string;
  /** Where licence and MD5 are published. */
  readonly source: { readonly license: string; readonly md5: string };
}

const KERAS_FOLDER = 'https://storage.googleapis.com/tensorflow/keras-applications/inception_v3/';

const INCEPTION_V3 = {
  architecture: 'inception-v3',
  imageShape: [299, 299, 3],
  inputRange: [-1, 1],
  trainedOn: 'ImageNet (ILSVRC 2012)',
  license: 'Apache-2.0',
  source: {
    license:
      'https://github.com/keras-team/keras/blob/034466bbe50bf68b64d4883b62deec0372869f87/docs/templates/applications.md',
    md5: 'https://github.com/keras-team/keras/blob/v3.15.1/keras/src/applications/inception_v3.py',
  },
} as const;

/**
 * Pretrained weights that fit networks of this package. `downloadWeights` of `xray-models/node` fetches them; they are files of
 * Keras, for `readKerasWeights`.
 */
export const PRETRAINED_FILES = {
  'inception-v3-imagenet': {
    ...INCEPTION_V3,
    url: `${KERAS_FOLDER}inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5`,
    fileName: 'inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5',
    md5: 'bcbd6486424b2319ff4ef7d526e38f63',
    includeTop: false,
  },
  'inception-v3-imagenet-top': {
    ...INCEPTION_V3,
    url: `${KERAS_FOLDER}inception_v3_weights_tf_dim_ordering_tf_kernels.h5`,
    fileName: 'inception_v3_weights_tf_dim_ordering_tf_kernels.h5',
    md5: '9a0d58056eeedaa3f26cb7ebd46da564',
    includeTop: true,
  },
} as const satisfies Record<string, PretrainedFile>;

/** Keys of `PRETRAINED_FILES`. */
export type PretrainedFileName = keyof typeof PRETRAINED_FILES;
