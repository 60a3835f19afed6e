import type { ProgressEvent } from 'xray-core';
import type { EpochLogs } from 'xray-train';
import { historyCsv } from './history-csv.js';
import type { RunFolder } from './run-folder.js';

/** Keeps `history.csv` of a run up to date while it trains, for whoever watches. */
export interface LiveHistory {
  /** Takes every event of the training. */
  onEvent(event: ProgressEvent): void;
  /** Waits until what was told is written. */
  flush(): Promise<void>;
}

/**
 * @param before - Epochs that an earlier process finished.
 */
export function liveHistory(folder: Pick<RunFolder, 'writeText'>, before: readonly EpochLogs[]): LiveHistory {
  const history = [...before];
  let firstOfPhase = 0;
  let written = Promise.resolve();
  return {
    onEvent(event) {
      if (event.type === 'phase-start') firstOfPhase = event.index === 0 ? 0 : history.length;
      if (event.type !== 'epoch-end') return;
      const epoch = firstOfPhase + event.epoch;
      history.length = Math.min(history.length, epoch);
      history.push({ epoch, ...event.logs } as EpochLogs);
      const text = historyCsv(history);
      written = written.then(() => folder.writeText('history.csv', text));
      written.catch(() => {}); // `flush` tells
    },
    flush: () => written,
  };
}
