import { type KerasLayer, type KerasSettings, nameOf } from './keras-config.js';
import type { Translation } from './translate-model.js';

/** Settings that TensorFlow.js does not have, with the values that change nothing. `*` is every class. */
const NEUTRAL: Readonly<Record<string, Readonly<Record<string, readonly unknown[]>>>> = {
  '*': {
    activity_regularizer: [null],
    groups: [1],
    keepdims: [false],
    lora_rank: [null],
    output_padding: [null],
    quantization_config: [null],
    ragged: [false],
    sparse: [false],
  },
  BatchNormalization: { renorm: [false] },
  Conv2DTranspose: { dilation_rate: [1, '1,1'] },
  ELU: { alpha: [1] },
  LayerNormalization: { rms_scaling: [false] },
  LeakyReLU: { threshold: [0] },
  ReLU: { negative_slope: [0], threshold: [0] },
  UpSampling2D: { interpolation: ['nearest'] }, // TensorFlow.js interpolates between other places
};

/** Layers that TensorFlow.js has under the same name, but computes otherwise, and why. */
const DIFFERENT: Readonly<Record<string, string>> = {
  Resizing: 'aligns the corners',
  RandomWidth: 'has other settings',
};

/** Names of activations in Keras and in TensorFlow.js, which changes `log_softmax` to `logSoftmax` itself. */
const ACTIVATIONS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['elu', 'gelu', 'linear', 'log_softmax', 'mish', 'relu', 'relu6', 'selu', 'sigmoid', 'softmax']
      .concat(['softplus', 'softsign', 'swish', 'tanh'])
      .map((name) => [name, name]),
  ),
  silu: 'swish',
};

/**
 * The settings of a layer as TensorFlow.js reads them. What it would ignore or compute otherwise is a problem of the translation.
 *
 * @param isOwn - Whether the class is one of the caller's: its settings stay as they are, but for shape and dtype.
 */
export function translateSettings(
  layer: KerasLayer,
  translation: Translation,
  isOwn: boolean,
): KerasSettings {
  const { class_name: className, config } = layer;
  const { batch_shape: batchShape, dtype, ...given } = config;
  const shape = batchShape === undefined ? {} : { batch_input_shape: batchShape };
  const settings: Record<string, unknown> = {
    ...given,
    ...shape,
    dtype: dtypeOf(dtype),
    name: nameOf(layer),
  };
  if (isOwn) return settings;

  const report = (what: string) => translation.problems.push(`${nameOf(layer)} (${className}): ${what}`);
  if (DIFFERENT[className]) report(`that of TensorFlow.js ${DIFFERENT[className]}`);
  for (const [name, neutral] of Object.entries({ ...NEUTRAL['*'], ...NEUTRAL[className] })) {
    const value = settings[name];
    const isNeutral = neutral.some((each) => each === value || each === String(value));
    if (name in settings && !isNeutral) report(`has ${name} = ${JSON.stringify(value)}`);
  }
  for (const [name, value] of Object.entries(settings)) {
    // Keras 2 writes those down, too, and uses the ones of the two steps.
    if (className.startsWith('Separable') && name.startsWith('kernel_') && name !== 'kernel_size')
      delete settings[name];
    else if (name.endsWith('activation')) settings[name] = translateActivation(value, translation, report);
    else if (/_?(initializer|regularizer|constraint)$/.test(name)) settings[name] = translateObject(value);
  }
  if (className === 'BatchNormalization' && Array.isArray(settings.axis)) settings.axis = settings.axis[0];
  if (className === 'LeakyReLU') settings.alpha ??= settings.negative_slope;
  if (
    className === 'Rescaling' &&
    [settings.scale, settings.offset].some((value) => typeof value !== 'number')
  ) {
    report('has a scale or offset per channel');
  }
  return settings as KerasSettings;
}

/** Policies of mixed precision keep their weights in float32, and TensorFlow.js computes in it. */
function dtypeOf(dtype: unknown): string {
  const policy = (dtype as { config?: { name?: string } } | null)?.config?.name ?? dtype;
  return policy === 'int32' || policy === 'bool' ? policy : 'float32';
}

function translateActivation(
  value: unknown,
  translation: Translation,
  report: (what: string) => void,
): unknown {
  const name = value ?? 'linear';
  if (typeof name === 'string') {
    if (ACTIVATIONS[name]) return ACTIVATIONS[name];
    if (name === 'hard_sigmoid' && !translation.isKeras3) return name; // Keras 3 has another slope
  }
  report(`has activation = ${JSON.stringify(value)}`);
  return value;
}

/** Initial values, penalties and bounds of weights: without the module they come from. */
function translateObject(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { class_name: className, config } = value as { class_name: string; config: Record<string, unknown> };
  if (className === 'L1' || className === 'L2') {
    return { class_name: 'L1L2', config: { l1: config.l1 ?? 0, l2: config.l2 ?? 0 } };
  }
  return { class_name: className, config };
}
