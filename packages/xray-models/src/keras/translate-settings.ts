import { type KerasLayer, type KerasSettings, nameOf } from './keras-config.js';
import type { Translation } from './translate-model.js';

/**
 * Settings that TensorFlow.js does not have, computes otherwise or loses when it saves the model, with the values that it does
 * right. `*` is every class.
 */
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
  AveragePooling1D: { data_format: ['channels_last'] },
  BatchNormalization: { renorm: [false] },
  Bidirectional: { backward_layer: [null] },
  Conv1D: { data_format: ['channels_last'], padding: ['same', 'valid'] },
  Conv2DTranspose: { dilation_rate: [1, '1,1'] },
  Conv3D: { data_format: ['channels_last'] },
  Conv3DTranspose: { dilation_rate: [1, '1,1,1'] },
  DepthwiseConv2D: { depthwise_constraint: [null], depthwise_regularizer: [null], dilation_rate: [1, '1,1'] },
  Dropout: { noise_shape: [null] },
  ELU: { alpha: [1] },
  GlobalAveragePooling1D: { data_format: ['channels_last'] },
  GlobalMaxPooling1D: { data_format: ['channels_last'] },
  GRU: { reset_after: [false] },
  GRUCell: { reset_after: [false] },
  LayerNormalization: { rms_scaling: [false] },
  LeakyReLU: { threshold: [0] },
  MaxPooling1D: { data_format: ['channels_last'] },
  ReLU: { negative_slope: [0], threshold: [0] },
  SeparableConv2D: { data_format: ['channels_last'], depth_multiplier: [1] },
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

/** Bounds of weights that TensorFlow.js has. */
const CONSTRAINTS: readonly string[] = ['MaxNorm', 'MinMaxNorm', 'NonNeg', 'UnitNorm'];

/** The weights come from the file, so their initial values need not be drawn, nor known to TensorFlow.js. */
const ZEROS = { class_name: 'Zeros', config: {} };

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
  const neutrals = { ...NEUTRAL['*'], ...NEUTRAL[className] };
  for (const [name, neutral] of Object.entries(neutrals)) {
    const value = settings[name];
    const isNeutral = neutral.some((each) => each === value || each === String(value));
    if (name in settings && !isNeutral) report(`has ${name} = ${shorten(value)}`);
  }
  for (const [name, value] of Object.entries(settings)) {
    if (name in neutrals) continue;
    // Keras 2 writes those down, too, and uses the ones of the two steps.
    if (className.startsWith('Separable') && name.startsWith('kernel_') && name !== 'kernel_size') {
      delete settings[name];
      continue;
    }
    const translated = translateSetting(name, value, translation);
    if (translated === undefined) report(`has ${name} = ${shorten(value)}`);
    settings[name] = translated;
  }
  if (className === 'BatchNormalization' && Array.isArray(settings.axis)) settings.axis = settings.axis[0];
  if (className === 'LeakyReLU') settings.alpha ??= settings.negative_slope;
  // TensorFlow.js takes every negative axis for the last one.
  if (className === 'Concatenate' && Number(settings.axis) < -1) report(`has axis = ${settings.axis}`);
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
  const policy =
    (dtype as { config?: { name?: string | undefined } | undefined } | null)?.config?.name ?? dtype;
  return policy === 'int32' || policy === 'bool' ? policy : 'float32';
}

/** Nothing if TensorFlow.js lacks what it asks for. */
function translateSetting(name: string, value: unknown, translation: Translation): unknown {
  if (name.endsWith('activation')) return translateActivation(value ?? 'linear', translation);
  if (name.endsWith('initializer')) return ZEROS;
  if (name === 'unit_forget_bias') return false; // an initial value, too
  if (!/(regularizer|constraint)$/.test(name) || value === null) return value;
  return translateObject(value as WrittenObject);
}

function translateActivation(name: unknown, { isKeras3 }: Translation): string | undefined {
  if (typeof name !== 'string') return undefined;
  if (name === 'hard_sigmoid' && !isKeras3) return name; // Keras 3 has another slope
  return ACTIVATIONS[name];
}

interface WrittenObject {
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** A penalty or bound of weights, without the module it comes from. */
function translateObject({ class_name, config }: WrittenObject): WrittenObject | undefined {
  if (['L1', 'L2', 'L1L2'].includes(class_name)) {
    return { class_name: 'L1L2', config: { l1: config.l1 ?? 0, l2: config.l2 ?? 0 } };
  }
  return CONSTRAINTS.includes(class_name) ? { class_name, config } : undefined;
}

/** As JSON, for an error. */
function shorten(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
