import * as tf from '@tensorflow/tfjs-core';
import { layers, type Shape } from '@tensorflow/tfjs-layers';
import { createRandom, InvalidArgumentError, type TrainingStep, type TrainingStepListener } from 'xray-core';

/** Options of `dropout`. */
export interface DropoutOptions {
  /** Share of the inputs set to zero while training, in `[0, 1)`. */
  rate: number;
  /** Seed of the masks. @default 0 */
  seed?: number | undefined;
  name?: string | undefined;
}

interface DropoutConfig extends DropoutOptions {
  noiseShape?: unknown;
}

/**
 * Dropout whose mask depends on the seed, the layer's name, the training step and the sample's place in the
 * batch: never the same mask twice (the stock layer with a seed repeats one mask for ever), yet the same masks in
 * a repeated or resumed run, and for any micro-batch size.
 *
 * Saved as a standard `Dropout`, so plain TensorFlow.js and Keras load it. Not registered globally.
 */
export class Dropout extends layers.Layer implements TrainingStepListener {
  /** @nocollapse */
  static readonly className = 'Dropout';
  private readonly rate: number;
  private readonly seed: number;
  private step: TrainingStep | undefined;
  private callsWithoutStep = 0;

  constructor(config: DropoutConfig) {
    const { rate, seed, noiseShape, ...rest } = config;
    super(rest as ConstructorParameters<typeof layers.Layer>[0]);
    if (!(rate >= 0 && rate < 1)) {
      throw new InvalidArgumentError({ argument: 'rate', expected: 'a share in [0, 1)', received: rate });
    }
    if (noiseShape !== undefined && noiseShape !== null) {
      throw new InvalidArgumentError({
        argument: 'noiseShape',
        expected: 'absent: masks are drawn for every value',
        received: noiseShape,
      });
    }
    this.rate = rate;
    this.seed = seed ?? 0;
    this.supportsMasking = true;
  }

  beginTrainingStep(step: TrainingStep | undefined): void {
    this.step = step;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: { training?: boolean | undefined }): tf.Tensor {
    const input = Array.isArray(inputs) ? inputs[0]! : inputs;
    if (!kwargs.training || this.rate === 0) return tf.clone(input);
    return tf.tidy(() => tf.mul(input, tf.tensor(this.drawMask(input.shape), input.shape)));
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    return inputShape;
  }

  override getConfig() {
    return { rate: this.rate, noiseShape: null, seed: this.seed, ...super.getConfig() };
  }

  /** `[batch, ...]`: 0 for dropped values, `1 / (1 - rate)` for kept ones. */
  private drawMask(shape: readonly number[]): Float32Array {
    // Outside a training loop that counts steps, every call is a new step.
    const { step, sampleOffset } = this.step ?? { step: `call-${this.callsWithoutStep++}`, sampleOffset: 0 };
    const samples = shape[0] ?? 1;
    const featureCount = shape.slice(1).reduce((product, size) => product * size, 1);
    const mask = new Float32Array(samples * featureCount);
    const limit = this.rate * 2 ** 32;
    const kept = 1 / (1 - this.rate);
    const random = createRandom(this.seed);
    for (let sample = 0; sample < samples; sample++) {
      const { nextUint32 } = random.stream('dropout', this.name, step, sampleOffset + sample);
      for (let at = sample * featureCount; at < (sample + 1) * featureCount; at++) {
        mask[at] = nextUint32() < limit ? 0 : kept;
      }
    }
    return mask;
  }
}

/** Creates a `Dropout` layer. */
export function dropout(options: DropoutOptions): Dropout {
  return new Dropout(options);
}
