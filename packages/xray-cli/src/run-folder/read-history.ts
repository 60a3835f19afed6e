import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import papaparse from 'papaparse';
import type { EpochLogs } from 'xray-train';

/** The epochs in `history.csv` of a run folder; none where there is no such file. */
export async function readHistory(run: string): Promise<EpochLogs[]> {
  const text = await readFile(join(run, 'history.csv'), 'utf8').catch(() => '');
  const { data } = papaparse.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true });
  return data.map((row) => {
    const filled = Object.entries(row).filter(([, value]) => value !== '');
    const logs = Object.fromEntries(filled.map(([name, value]) => [name, Number(value)]));
    return { ...logs, epoch: logs.epoch! - 1 } as EpochLogs;
  });
}
