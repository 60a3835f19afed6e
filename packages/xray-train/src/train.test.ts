import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import {
  initializers,
  input,
  layers,
  model as modelOf,
  type Shape,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import type { Augmentation, ProgressEvent } from 'xray-core';
import { batchNormModel, toyModel, toySource, untimed, weightsOf } from './__fixtures__/toy-problem.js';
import { memoryCheckpoints } from './checkpoints/checkpoint.js';
import { adam } from './optimizers/adam.js';
import { train } from './train.js';
import type { TrainOptions } from './train-options.js';

const training = toySource({ sampleCount: 43, batchSize: 8, seed: 1 });
const validation = toySource({ sampleCount: 24, batchSize: 10, seed: 2, shuffle: false });

function run(options: Partial<TrainOptions> = {}) {
  const model = options.model ?? toyModel();
  const all: TrainOptions = {
    model,
    train: training,
    validation,
    epochs: 4,
    seed: 7,
    learningRate: 0.02,
    ...options,
  };
  return { model, result: train(all) };
}

describe('train', () => {
  it('learns', async () => {
    const { model, result } = run({ epochs: 15 });
    const { history, reason, steps } = await result;

    expect(history.at(-1)!.val_loss).toBeLessThan(history[0]!.val_loss * 0.7);
    expect(history.at(-1)!.val_auroc).toBeGreaterThan(0.95);
    expect([reason, steps, history.length]).toEqual(['completed', 15 * 6, 15]);
    model.dispose();
  });

  it('repeats itself bit for bit', async () => {
    const [first, second] = [run(), run()];
    const [left, right] = [await first.result, await second.result];

    expect(untimed(left.history)).toEqual(untimed(right.history));
    expect(weightsOf(first.model)).toEqual(weightsOf(second.model));
  });

  it('gives the same result in micro-batches, up to rounding', async () => {
    const [whole, parts] = [run({ classWeights: [1, 3] }), run({ classWeights: [1, 3], microBatchSize: 3 })];
    const [left, right] = [await whole.result, await parts.result];

    expect(right.history[0]!.loss).toBeCloseTo(left.history[0]!.loss, 6);
    weightsOf(whole.model).forEach((values, index) => {
      weightsOf(parts.model)[index]!.forEach((value, at) => {
        expect(Math.abs(value - values[at]!)).toBeLessThan(2e-4);
      });
    });
  });

  it('takes the step that tfjs takes for the same loss', async () => {
    const source = toySource({ sampleCount: 8, batchSize: 8, seed: 1, shuffle: false });
    // tfjs adds epsilon after the bias correction: at the first step that is this much more.
    const optimizer = adam({ epsilon: 1e-7 * Math.sqrt(1 - 0.999) });
    const { model, result } = run({ train: source, epochs: 1, learningRate: 0.01, optimizer });
    await result;

    const reference = toyModel();
    reference.compile({ optimizer: tf.train.adam(0.01), loss: 'categoricalCrossentropy' });
    for await (const batch of source.epoch(0)) await reference.trainOnBatch(batch.images, batch.labels);
    const expected = weightsOf(reference);
    weightsOf(model).forEach((values, index) => {
      values.forEach((value, at) => {
        expect(value).toBeCloseTo(expected[index]![at]!, 6);
      });
    });
  });

  it('puts the best weights back, or keeps the last ones', async () => {
    // A rate this high makes the validation loss jump about.
    const [best, last] = [
      run({ learningRate: 0.4, epochs: 6 }),
      run({ learningRate: 0.4, epochs: 6, keepWeights: 'last' }),
    ];
    const { bestEpoch, history } = await best.result;
    await last.result;
    const lowest = Math.min(...history.map(({ val_loss }) => val_loss));

    expect(history[bestEpoch]!.val_loss).toBe(lowest);
    expect(bestEpoch).toBeLessThan(5);
    expect(weightsOf(best.model)).not.toEqual(weightsOf(last.model));
    const upToBest = run({ learningRate: 0.4, epochs: bestEpoch + 1 });
    await upToBest.result;
    expect(weightsOf(best.model)).toEqual(weightsOf(upToBest.model));
  });

  it('stops early', async () => {
    const { result } = run({ learningRate: 0.4, epochs: 50, earlyStopping: { patience: 2 } });
    const { history, bestEpoch, reason } = await result;

    expect(reason).toBe('early-stopping');
    expect(history.length).toBe(bestEpoch + 3);
  });

  it('resumes to the same result as an uninterrupted run', async () => {
    const whole = run({ epochs: 5 });
    const expected = await whole.result;
    for (const firstEpochs of [1, 2, 4]) {
      const checkpoints = memoryCheckpoints();
      await run({ epochs: firstEpochs, checkpoints }).result;
      const resumed = run({ epochs: 5, checkpoints, resume: true });
      const result = await resumed.result;

      expect(untimed(result.history)).toEqual(untimed(expected.history));
      expect(weightsOf(resumed.model)).toEqual(weightsOf(whole.model));
      expect([result.bestEpoch, result.steps]).toEqual([expected.bestEpoch, expected.steps]);
    }
  });

  it('starts from the beginning when there is nothing to resume, and stays finished when it is', async () => {
    const checkpoints = memoryCheckpoints();
    const options = {
      learningRate: 0.4,
      epochs: 50,
      earlyStopping: { patience: 2 },
      checkpoints,
      resume: true,
    };
    const first = run(options);
    const { history } = await first.result;
    const again = run(options);

    expect((await again.result).history).toEqual(history);
    expect(weightsOf(again.model)).toEqual(weightsOf(first.model));
  });

  it('refuses the checkpoint of another run and says what differs', async () => {
    const checkpoints = memoryCheckpoints();
    await run({ epochs: 1, checkpoints }).result;

    await expect(run({ checkpoints, resume: true, seed: 8 }).result).rejects.toThrow(
      'The checkpoint belongs to another run: seed was 7 and is now 8. Resume with the options of the first run',
    );
    for (const [other, difference] of [
      [{ learningRate: 0.5 }, 'learningRates was [0.02,0.02,0.02,0.02] and is now [0.5,0.5,0.5,0.5]'],
      [{ classWeights: [1, 2] }, 'classWeights was null and is now [1,2]'],
      [{ labelSmoothing: 0.1 }, 'labelSmoothing was 0 and is now 0.1'],
      [{ microBatchSize: 2 }, 'microBatchSize was 8 and is now 2'],
      [
        { earlyStopping: { monitor: 'val_auroc', mode: 'max' } },
        'monitor was "min val_loss" and is now "max val_auroc"',
      ],
    ] as const) {
      await expect(run({ checkpoints, resume: true, ...other }).result).rejects.toThrow(difference);
    }
    await expect(run({ checkpoints, resume: true, model: toyModel({ units: 5 }) }).result).rejects.toThrow(
      /weightShapes was/,
    );
  });

  it('refuses the checkpoint of other samples, another order or other frozen layers', async () => {
    const checkpoints = memoryCheckpoints();
    const square = (frozen?: number) => {
      const layer = () => layers.dense({ units: 16, activation: 'tanh' });
      const model = sequential({
        layers: [
          layers.flatten({ inputShape: [4, 4, 1] }),
          layer(),
          layer(),
          layers.dense({ units: 2, activation: 'softmax' }),
        ],
      });
      if (frozen !== undefined) model.layers[frozen]!.trainable = false;
      return model;
    };
    await run({ epochs: 1, checkpoints, model: square(1) }).result;
    const resume = (other: Partial<TrainOptions>) =>
      run({ checkpoints, resume: true, model: square(1), ...other }).result;

    await expect(resume({ model: square(2) })).rejects.toThrow(/weightShapes was .*"16x16 frozen"/);
    await expect(resume({ model: square() })).rejects.toThrow(/weightShapes was .*"16x16 frozen"/);
    const reshuffled = toySource({ sampleCount: 43, batchSize: 8, seed: 99 });
    await expect(resume({ train: reshuffled })).rejects.toThrow(
      /run: trainIds was "[0-9a-f]{8}" and is now "/,
    );
    const others = { ...validation, order: () => validation.order(0).map((id) => `${id}b`) };
    await expect(resume({ validation: others })).rejects.toThrow(
      /run: validationIds was "[0-9a-f]{8}" and is now "/,
    );
    expect((await resume({})).history).toHaveLength(4);
  });

  it('begins with a fresh optimizer, whatever it did before', async () => {
    const optimizer = adam();
    const first = run({ optimizer });
    await first.result;
    const second = run({ optimizer });
    await second.result;
    expect(weightsOf(second.model)).toEqual(weightsOf(first.model));
  });

  it('stops at a loss that is not finite, before it spoils the weights', async () => {
    const poisoned = toySource({ sampleCount: 8, batchSize: 8, seed: 1, poisonId: 'sample-3' });
    const model = toyModel();
    const before = tf.memory().numTensors;

    await expect(run({ model, train: poisoned }).result).rejects.toThrow(
      /The loss became NaN in epoch 1, batch 1 \(images .* and 5 more\) at learning rate 0.02\. Lower the learning rate/,
    );
    expect(tf.memory().numTensors).toBe(before);
    expect(weightsOf(model)).toEqual(weightsOf(toyModel()));
  });

  it.each([8, 3])(
    'keeps the moving averages of the last step then, too, %i images at a time',
    async (microBatchSize) => {
      const options = { shuffle: false, batchSize: 8, seed: 1 };
      const poisoned = toySource({ ...options, sampleCount: 16, poisonId: 'sample-13' });
      const model = batchNormModel();
      const before = tf.memory().numTensors;
      await expect(run({ model, train: poisoned, microBatchSize }).result).rejects.toThrow(
        'The loss became NaN',
      );
      expect(tf.memory().numTensors).toBe(before);

      const oneStep = run({
        ...{ model: batchNormModel(), microBatchSize, epochs: 1 },
        train: toySource({ ...options, sampleCount: 8 }),
      });
      await oneStep.result;
      expect(weightsOf(model)).toEqual(weightsOf(oneStep.model));
    },
  );

  it('leaves nothing of a step that fails half-way', async () => {
    const model = batchNormModel();
    const [before, weights] = [tf.memory().numTensors, weightsOf(model)];
    let calls = 0;
    const forward: TrainOptions['forward'] = (images, settings) => {
      if (++calls === 2) throw new Error('out of memory');
      return model.apply(images, settings) as tf.Tensor2D;
    };
    await expect(run({ model, microBatchSize: 3, forward }).result).rejects.toThrow('out of memory');
    expect(tf.memory().numTensors).toBe(before);
    expect(weightsOf(model)).toEqual(weights);
  });

  it('refuses a rate that no step can be taken with', async () => {
    const rates = [0.02, 0];
    const model = toyModel();
    await expect(run({ model, learningRate: (step) => rates[step]! }).result).rejects.toThrow(
      '`learningRate` must be a schedule with a finite rate of at least 0 for step 2. Received: undefined.',
    );
    expect(weightsOf(model).flat().every(Number.isFinite)).toBe(true);
    const negative = run({ learningRate: () => -1 }).result;
    await expect(negative).rejects.toThrow('for step 0. Received: -1.');
  });

  it('leaves weights alone that the loss does not depend on', async () => {
    class WithUnused extends layers.Layer {
      static className = 'WithUnused';
      override build() {
        this.addWeight('unused', [2], 'float32', initializers.ones());
        this.built = true;
      }
      override call(inputs: tf.Tensor | tf.Tensor[]) {
        return tf.clone(Array.isArray(inputs) ? inputs[0]! : inputs);
      }
      override computeOutputShape(shape: Shape) {
        return shape;
      }
    }
    const model = toyModel();
    const withUnused = sequential({ layers: [model, new WithUnused({})] });
    const plain = run();
    await run({ model: withUnused }).result;
    await plain.result;
    expect(weightsOf(model)).toEqual(weightsOf(plain.model));
    expect(weightsOf(withUnused).at(-1)).toEqual([1, 1]);
  });

  it('refuses models with several inputs or outputs', async () => {
    const [left, right] = [input({ shape: [4, 4, 1] }), input({ shape: [4, 4, 1] })];
    const flat = layers.flatten().apply(layers.add().apply([left, right]));
    const dense = () => layers.dense({ units: 2, activation: 'softmax' }).apply(flat) as SymbolicTensor;
    const expected = /`model` must be a model with one input and one output\. Received: .*inputs.*2/;
    await expect(run({ model: modelOf({ inputs: [left, right], outputs: dense() }) }).result).rejects.toThrow(
      expected,
    );
    const two = modelOf({ inputs: [left, right], outputs: [dense(), dense()] });
    await expect(run({ model: two }).result).rejects.toThrow(/outputs.*2/);
  });

  it('stops when asked, keeps the finished epochs and goes on from there', async () => {
    const controller = new AbortController();
    const checkpoints = memoryCheckpoints();
    const onProgress = (event: ProgressEvent) => {
      if (event.type === 'batch-end' && event.epoch === 2 && event.batch === 3) controller.abort();
    };
    await expect(
      run({ epochs: 5, checkpoints, signal: controller.signal, onProgress }).result,
    ).rejects.toThrow('Training was aborted.');
    expect((await checkpoints.read('last'))!.facts.epoch).toBe(1);

    const resumed = run({ epochs: 5, checkpoints, resume: true });
    const whole = run({ epochs: 5 });
    expect(untimed((await resumed.result).history)).toEqual(untimed((await whole.result).history));
  });

  it('holds the same number of tensors after every epoch, and none of its own in the end', async () => {
    const model = toyModel();
    const before = tf.memory().numTensors;
    const counts: number[] = [];
    const augmentation: Augmentation = ({ images, labels, ids }) => ({
      images: tf.clone(images),
      labels: tf.clone(labels),
      ids,
    });
    await run({
      model,
      augmentation,
      microBatchSize: 3,
      checkpoints: memoryCheckpoints(),
      onProgress: (event) => event.type === 'epoch-end' && counts.push(tf.memory().numTensors),
    }).result;

    expect(new Set(counts).size).toBe(1);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('reports every batch and epoch', async () => {
    const events: ProgressEvent[] = [];
    await run({ epochs: 2, onProgress: (event) => events.push(event) }).result;
    const types = events.map(({ type }) => type);
    const epoch = ['epoch-start', ...new Array(6).fill('batch-end'), 'epoch-end'];

    expect(types).toEqual([...epoch, ...epoch, 'train-end']);
  });

  it('gives the augmentation the seed and the epoch', async () => {
    const draws: string[] = [];
    const augmentation: Augmentation = ({ images, labels, ids }, draw) => {
      draws.push(JSON.stringify(draw));
      return { images: tf.clone(images), labels: tf.clone(labels), ids };
    };
    await run({ epochs: 2, augmentation }).result;
    expect([...new Set(draws)]).toEqual(['{"seed":7,"epoch":0}', '{"seed":7,"epoch":1}']);
  });

  it('adds weight penalties once per batch, whatever the micro-batch', async () => {
    const penalised = () =>
      sequential({
        layers: [
          layers.flatten({ inputShape: [4, 4, 1] }),
          layers.dense({
            units: 2,
            activation: 'softmax',
            kernelInitializer: 'ones',
            kernelRegularizer: 'l1l2',
          }),
        ],
      });
    const source = toySource({ sampleCount: 8, batchSize: 8, seed: 1 });
    const options = { train: source, epochs: 1, learningRate: 1e-6 };
    const plain = await run({ ...options, microBatchSize: 8, model: penalised() }).result;
    const parts = await run({ ...options, microBatchSize: 3, model: penalised() }).result;
    // 16 x 2 ones: L1 and L2 of 0.01 each add 0.32; equal weights give a cross-entropy of ln 2.
    expect(plain.history[0]!.loss).toBeCloseTo(Math.log(2) + 0.64, 4);
    expect(parts.history[0]!.loss).toBeCloseTo(plain.history[0]!.loss, 5);
  });

  it('works with one class in validation, without an AUROC', async () => {
    const oneClass = toySource({ sampleCount: 6, batchSize: 6, seed: 2, oneClass: true });
    const { history } = await run({ validation: oneClass, epochs: 1 }).result;
    expect(history[0]).not.toHaveProperty('val_auroc');
  });

  it('names options that are out of range', async () => {
    await expect(run({ epochs: 0 }).result).rejects.toThrow(
      '`epochs` must be a whole number from 1 up. Received: 0.',
    );
    await expect(run({ microBatchSize: 1.5 }).result).rejects.toThrow('`microBatchSize`');
    await expect(run({ learningRate: -1 }).result).rejects.toThrow('`rate` must be a positive number');
    await expect(run({ classWeights: [1] }).result).rejects.toThrow('2 finite weights of at least 0');
    await expect(run({ labelSmoothing: 1 }).result).rejects.toThrow(
      '`labelSmoothing` must be a share in [0, 1)',
    );
    const frozen = toyModel();
    frozen.trainable = false;
    await expect(run({ model: frozen }).result).rejects.toThrow('a model with trainable weights');
    const empty = { ...training, sampleCount: 0 };
    await expect(run({ train: empty }).result).rejects.toThrow('`train` must be a source with images');
    const three = sequential({
      layers: [layers.flatten({ inputShape: [4, 4, 1] }), layers.dense({ units: 3, activation: 'softmax' })],
    });
    await expect(run({ model: three }).result).rejects.toThrow(
      'The model must have the classes [dark, bright] in this order. Received: [output 0, output 1, output 2]. Build it with `classes: 2`',
    );
  });

  it('tells layers the step, also in nested models, and when it is over', async () => {
    const steps: (number | undefined)[] = [];
    const inner = toyModel();
    const listener = Object.assign(inner.layers[0]!, {
      beginTrainingStep: (step?: { step: number }) => steps.push(step?.step),
    });
    expect(listener).toBeDefined();
    await run({ model: sequential({ layers: [inner] }), epochs: 1 }).result;
    expect(steps).toEqual([0, 1, 2, 3, 4, 5, undefined]);
  });
});
