import type { GraphModel } from '@tensorflow/tfjs-converter';
import type * as tf from '@tensorflow/tfjs-core';
import { initializers, layers, type Shape } from '@tensorflow/tfjs-layers';
import { XrayError } from 'xray-core';

/** A graph that gives features, without the values of its constants. */
export interface FeatureGraph {
  /** As TensorFlow writes it, without what the output does not depend on. */
  readonly topology: object;
  /** Names of the nodes that take the images and give the features. */
  readonly input: string;
  readonly output: string;
  /** Of the features of one image. */
  readonly outputShape: readonly number[];
  /** The constants, in the order of the layer's weights. */
  readonly weights: readonly {
    readonly name: string;
    readonly shape: number[];
    readonly dtype: tf.DataType;
  }[];
}

interface GraphFeaturesConfig {
  readonly name?: string;
  readonly graph: { readonly name: string };
}

type Converter = Pick<typeof import('@tensorflow/tfjs-converter'), 'loadGraphModelSync'>;
let converter: Converter | undefined;

/** Loads the optional peer that runs graphs. Has to end before a `GraphFeatures` is made. */
export async function loadConverter(): Promise<Converter> {
  try {
    converter ??= await import('@tensorflow/tfjs-converter');
  } catch (error) {
    throw new XrayError(
      'missing-package',
      'Graph models need a package that is not installed. Install it: npm install @tensorflow/tfjs-converter@4.22',
      { cause: error },
    );
  }
  return converter;
}

/**
 * A TensorFlow graph as a layer that never trains: float32 images `[batch, height, width, channels]` become its features. The
 * constants of the graph are the weights of the layer, so that they are saved, hashed and sent to workers like those of others.
 */
export class GraphFeatures extends layers.Layer {
  /** @nocollapse */
  static readonly className = 'GraphFeatures';
  private readonly graph: FeatureGraph;
  private readonly model: GraphModel<tf.io.IOHandlerSync>;

  constructor({ graph, ...rest }: GraphFeaturesConfig) {
    super({ ...rest, trainable: false });
    if (!converter) {
      throw new XrayError(
        'missing-package',
        'Call `modelFromTopology` or `loadBundle`, which load what graphs need first.',
      );
    }
    this.graph = JSON.parse(graph.name) as FeatureGraph;
    this.model = converter.loadGraphModelSync({
      format: 'graph-model',
      modelTopology: this.graph.topology,
      weightSpecs: [],
      weightData: new ArrayBuffer(0),
    });
  }

  override build(inputShape: Shape | Shape[]): void {
    const zeros = initializers.zeros();
    // By number: of names such as a, a_1, TensorFlow.js makes the same one for a second model.
    this.graph.weights.forEach(({ shape, dtype }, place) => {
      this.addWeight(`constant${place}`, shape, dtype, zeros, undefined, false);
    });
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const images = Array.isArray(inputs) ? inputs[0]! : inputs;
    const constants = this.graph.weights.map(({ name }, place) => [name, this.weights[place]!.read()]);
    const fed = { ...Object.fromEntries(constants), [this.graph.input]: images };
    return this.model.execute(fed, this.graph.output) as tf.Tensor;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [batch = null] = (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as Shape;
    return [batch, ...this.graph.outputShape];
  }

  override getConfig() {
    // TensorFlow.js changes the case of all text in a saved model but names.
    return { ...super.getConfig(), graph: { name: JSON.stringify(this.graph) } };
  }
}
