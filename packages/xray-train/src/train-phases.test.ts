import '@tensorflow/tfjs-backend-cpu';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { AbortedError, type ProgressEvent } from 'xray-core';
import { toyModel, toySource, weightsOf } from './__fixtures__/toy-problem.js';
import { memoryCheckpoints } from './checkpoints/checkpoint.js';
import { adam } from './optimizers/adam.js';
import { train } from './train.js';
import { type TrainingPhase, trainPhases } from './train-phases.js';

const common = (model: LayersModel) => ({
  model,
  train: toySource({ sampleCount: 20, batchSize: 8, seed: 1 }),
  validation: toySource({ sampleCount: 10, batchSize: 8, seed: 2 }),
  epochs: 2,
  seed: 7,
  learningRate: 0.02,
});

/** The last layer first, then everything with a lower rate. */
function phasesOf(model: LayersModel, more: object = {}): TrainingPhase[] {
  const hidden = model.layers[1]!;
  return [
    {
      name: 'head',
      prepare() {
        hidden.trainable = false;
        return { ...common(model), ...more };
      },
    },
    {
      name: 'fine-tune',
      prepare() {
        hidden.trainable = true;
        return { ...common(model), learningRate: 0.005, ...more };
      },
    },
  ];
}

describe('trainPhases', () => {
  it('does what training one phase after the other does', async () => {
    const byHand = toyModel();
    const results = [];
    for (const { prepare } of phasesOf(byHand)) results.push(await train(await prepare()));
    const model = toyModel();
    const events: ProgressEvent[] = [];
    const onProgress = (event: ProgressEvent) => void events.push(event);
    const result = await trainPhases(phasesOf(model, { onProgress }));

    expect(weightsOf(model)).toEqual(weightsOf(byHand));
    expect(result.history.map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3]);
    expect(result.history.map(({ val_loss }) => val_loss)).toEqual(
      results.flatMap(({ history }) => history.map(({ val_loss }) => val_loss)),
    );
    expect(result.bestEpoch).toBe(2 + results[1]!.bestEpoch);
    expect(result.steps).toBe(12);
    expect(result.phases.map(({ name, firstEpoch }) => [name, firstEpoch])).toEqual([
      ['head', 0],
      ['fine-tune', 2],
    ]);
    expect(events.filter(({ type }) => type === 'phase-start')).toEqual([
      { type: 'phase-start', phase: 'head', index: 0, count: 2 },
      { type: 'phase-start', phase: 'fine-tune', index: 1, count: 2 },
    ]);
  });

  it('resumes in the phase that was interrupted', async () => {
    const whole = toyModel();
    await trainPhases(phasesOf(whole));

    const checkpoints = memoryCheckpoints();
    const interrupted = toyModel();
    let epochs = 0;
    const onProgress = ({ type }: ProgressEvent) => {
      if (type === 'epoch-end' && ++epochs === 3) throw new AbortedError('Training');
    };
    await expect(trainPhases(phasesOf(interrupted, { checkpoints, onProgress }))).rejects.toThrow(
      AbortedError,
    );

    const resumed = toyModel({ seed: 9 });
    const result = await trainPhases(phasesOf(resumed, { checkpoints, resume: true }));
    expect(weightsOf(resumed)).toEqual(weightsOf(whole));
    expect(result.history).toHaveLength(4);
  });

  it('finishes every phase that began, and none after an error', async () => {
    const model = toyModel();
    const finished: string[] = [];
    const [head, fineTune] = phasesOf(model) as [TrainingPhase, TrainingPhase];
    const phases = [
      { ...head, prepare: () => ({ ...common(model), epochs: 0 }), finish: () => void finished.push('head') },
      { ...fineTune, finish: () => void finished.push('fine-tune') },
    ];
    await expect(trainPhases(phases)).rejects.toThrow('`epochs`');
    expect(finished).toEqual(['head']);
  });

  it('takes the same optimizer in every phase', async () => {
    const optimizer = adam();
    const [model, byHand] = [toyModel(), toyModel()];
    await trainPhases(phasesOf(model, { optimizer }));
    await trainPhases(phasesOf(byHand));
    expect(weightsOf(model)).toEqual(weightsOf(byHand));
  });

  it('refuses two phases of the same name, whose checkpoints would be one', async () => {
    let begun = 0;
    const prepare = () => {
      begun++;
      return common(toyModel());
    };
    const phases = ['head', 'head'].map((name) => ({ name, prepare }));
    await expect(trainPhases(phases)).rejects.toThrow('`phases` must be phases with names of their own');
    expect(begun).toBe(0);
  });
});
