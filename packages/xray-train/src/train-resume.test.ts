import '@tensorflow/tfjs-backend-cpu';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import type { ProgressEvent } from 'xray-core';
import { batchNormModel, toyModel, toySource, untimed, weightsOf } from './__fixtures__/toy-problem.js';
import { run, validation } from './__fixtures__/toy-run.js';
import { memoryCheckpoints } from './checkpoints/checkpoint.js';
import { adam } from './optimizers/adam.js';
import { adamW } from './optimizers/adam-w.js';
import type { TrainOptions } from './train-options.js';

describe('train with checkpoints', () => {
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

  it('resumes the moving average of weights and of batch norm, and clipping, exactly', async () => {
    const options = () => ({
      model: batchNormModel(),
      averageWeights: { decay: 0.9 },
      clipNorm: 0.05,
      optimizer: adamW(),
    });
    for (const keepWeights of ['best', 'last'] as const) {
      const whole = run({ ...options(), epochs: 4, keepWeights });
      const expected = await whole.result;
      const checkpoints = memoryCheckpoints();
      await run({ ...options(), epochs: 2, checkpoints, keepWeights }).result;
      const resumed = run({ ...options(), epochs: 4, checkpoints, keepWeights, resume: true });

      expect(untimed((await resumed.result).history)).toEqual(untimed(expected.history));
      expect(weightsOf(resumed.model)).toEqual(weightsOf(whole.model));
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
      [{ clipNorm: 1 }, 'clipNorm was null and is now 1'],
      [{ averageWeights: { decay: 0.9 } }, 'averageDecay was null and is now 0.9'],
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
});
