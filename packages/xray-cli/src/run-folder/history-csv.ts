import type { EpochLogs } from 'xray-train';
import { toCsv } from './csv.js';

/** `epoch,loss,...`, one row per epoch; epochs count from 1. */
export function historyCsv(history: readonly EpochLogs[]): string {
  const fields = [...new Set(history.flatMap((logs) => Object.keys(logs) as (keyof EpochLogs)[]))];
  const value = (logs: EpochLogs, field: keyof EpochLogs) =>
    field === 'epoch' ? logs.epoch + 1 : logs[field];
  return toCsv(
    fields,
    history.map((logs) => fields.map((field) => value(logs, field))),
  );
}
