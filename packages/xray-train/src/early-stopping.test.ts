import { describe, expect, it } from 'vitest';
import { watchEpochs } from './early-stopping.js';
import type { EpochLogs } from './train-options.js';

const epochs = (values: number[], name: 'val_loss' | 'val_auroc' = 'val_loss'): EpochLogs[] =>
  values.map((value, epoch) => ({
    epoch,
    loss: 1,
    accuracy: 0.5,
    val_loss: 1,
    val_accuracy: 0.5,
    learning_rate: 1e-4,
    seconds: 1,
    stall_share: 0,
    [name]: value,
  }));

describe('watchEpochs', () => {
  it('stops after the given number of epochs without a better value', () => {
    const watcher = watchEpochs({ patience: 3 });
    const stops = epochs([0.5, 0.4, 0.4, 0.45, 0.41]).map((logs) => {
      watcher.observe(logs);
      return watcher.shouldStop;
    });

    expect(stops).toEqual([false, false, false, false, true]);
    expect(watcher.bestEpoch).toBe(1);
  });

  it('knows which direction is better', () => {
    const watcher = watchEpochs({ monitor: 'val_auroc', mode: 'max', patience: 1 });
    expect(epochs([0.7, 0.8, 0.75], 'val_auroc').map((logs) => watcher.observe(logs))).toEqual([
      true,
      true,
      false,
    ]);
    expect(watcher.shouldStop).toBe(true);
  });

  it('stands where an uninterrupted run would stand', () => {
    const values = [0.5, 0.4, 0.45];
    const resumed = watchEpochs({ patience: 2 }, epochs(values));
    expect([resumed.bestEpoch, resumed.shouldStop]).toEqual([1, false]);
  });

  it('asks for the direction and for a value that exists', () => {
    expect(() => watchEpochs({ monitor: 'val_auroc' })).toThrow(
      "`earlyStopping.mode` must be 'min' or 'max' when `monitor` is val_auroc",
    );
    expect(() => watchEpochs({ monitor: 'val_auroc', mode: 'max' }).observe(epochs([1])[0]!)).toThrow(
      /must be one of the measured values: epoch, loss, accuracy, val_loss.*AUROC needs both classes/,
    );
    expect(() => watchEpochs({ patience: 0 })).toThrow('at least 1 epoch');
  });
});
