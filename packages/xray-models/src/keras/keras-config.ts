/** A layer or model as Keras writes it down; more fields than these occur. */
export interface KerasLayer {
  readonly class_name: string;
  readonly config: KerasSettings;
  readonly name?: string | undefined;
  /** Of classes that are not Keras' own: `package>class`. */
  readonly registered_name?: string | null | undefined;
  readonly inbound_nodes?: readonly unknown[] | undefined;
}

/** The settings of a layer, or of a model: its layers, inputs and outputs. */
export interface KerasSettings {
  readonly name?: string | undefined;
  readonly layers?: readonly KerasLayer[] | undefined;
  readonly [setting: string]: unknown;
}

/** What is a model within the model, not a layer. */
const MODEL_CLASSES = ['Functional', 'Model', 'Sequential'];

export const isModel = ({ class_name, config }: KerasLayer) =>
  MODEL_CLASSES.includes(class_name) && Array.isArray(config.layers);

export const nameOf = ({ name, config }: KerasLayer): string => config.name ?? name ?? '';

/** `DepthwiseConv2D` is `depthwise_conv2d`: what Keras calls layers of a class in its files. */
export function snakeCase(className: string): string {
  return className
    .split('>')
    .at(-1)!
    .replaceAll(/\W+/g, '')
    .replaceAll(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}
