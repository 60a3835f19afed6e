import { InvalidArgumentError } from 'xray-core';
import type { EarlyStopping, EpochLogs, MonitoredValue } from './train-options.js';

/** Follows one number over the epochs: which was the best, and whether it is time to stop. */
export interface EpochWatcher {
  /** Takes in an epoch; true when it is the best so far. */
  observe(logs: EpochLogs): boolean;
  /** Counts from 0; -1 before the first epoch. */
  readonly bestEpoch: number;
  readonly shouldStop: boolean;
}

/**
 * Creates the watcher of `train`. The best epoch is the first with the best value; a value must be better, not
 * equal, to count as an improvement.
 *
 * @param history - Epochs that a resumed run has behind it.
 */
export function watchEpochs(options: EarlyStopping = {}, history: readonly EpochLogs[] = []): EpochWatcher {
  const { patience = Number.POSITIVE_INFINITY } = options;
  const { monitor, mode } = resolveMonitor(options);
  if (!(patience >= 1)) {
    throw new InvalidArgumentError({
      argument: 'earlyStopping.patience',
      expected: 'at least 1 epoch',
      received: patience,
    });
  }
  let bestEpoch = -1;
  let bestValue = mode === 'min' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  let lastEpoch = -1;

  const observe = (logs: EpochLogs): boolean => {
    const value = logs[monitor];
    if (value === undefined) {
      throw new InvalidArgumentError({
        argument: 'earlyStopping.monitor',
        expected: `one of the measured values: ${Object.keys(logs).join(', ')}`,
        received: monitor,
        fix: 'AUROC needs both classes in the validation data.',
      });
    }
    lastEpoch = logs.epoch;
    const improved = bestEpoch < 0 || (mode === 'min' ? value < bestValue : value > bestValue);
    if (improved) {
      bestEpoch = logs.epoch;
      bestValue = value;
    }
    return improved;
  };
  for (const logs of history) observe(logs);

  return {
    observe,
    get bestEpoch() {
      return bestEpoch;
    },
    get shouldStop() {
      return lastEpoch - bestEpoch >= patience;
    },
  };
}

/** @internal What is watched and which direction is better. */
export function resolveMonitor({ monitor = 'val_loss', mode }: EarlyStopping = {}): {
  monitor: MonitoredValue;
  mode: 'min' | 'max';
} {
  if (mode === undefined && monitor !== 'val_loss') {
    throw new InvalidArgumentError({
      argument: 'earlyStopping.mode',
      expected: `'min' or 'max' when \`monitor\` is ${monitor}`,
      received: undefined,
    });
  }
  return { monitor, mode: mode ?? 'min' };
}
