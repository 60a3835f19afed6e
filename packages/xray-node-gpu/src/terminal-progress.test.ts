import { describe, expect, it } from 'vitest';
import type { ProgressEvent } from 'xray-core';
import { terminalProgress } from './terminal-progress.js';

const NO_STALL = { stallMilliseconds: 2, stallShare: 0.02 };

const EVENTS: ProgressEvent[] = [
  { type: 'decode', done: 5, total: 10 },
  { type: 'decode', done: 10, total: 10 },
  { type: 'epoch-start', epoch: 0, epochs: 3, batches: 2 },
  { type: 'batch-end', epoch: 0, batch: 1, batches: 2, loss: 0.7, imagesPerSecond: 20, ...NO_STALL },
  { type: 'batch-end', epoch: 0, batch: 2, batches: 2, loss: 0.6, imagesPerSecond: 20, ...NO_STALL },
  {
    type: 'epoch-end',
    epoch: 0,
    epochs: 3,
    logs: { loss: 0.65, val_loss: 0.5, learning_rate: 1e-4, seconds: 12.34 },
    improved: true,
  },
  { type: 'train-end', bestEpoch: 0, reason: 'early-stopping' },
];

const DOWNLOAD: ProgressEvent[] = [
  { type: 'download', file: 'data/scans.zip', done: 0, total: undefined },
  { type: 'download', file: 'data/scans.zip', done: 1_250_000, total: undefined },
  { type: 'download-retry', file: 'data/scans.zip', problem: 'the connection failed', delay: 2000 },
  { type: 'download', file: 'data/scans.zip', done: 1_250_000, total: 2_000_000 },
  { type: 'download', file: 'data/scans.zip', done: 1_999_999, total: 2_000_000 },
  { type: 'download', file: 'data/scans.zip', done: 2_000_000, total: 2_000_000 },
  { type: 'unpack', done: 3_000_000, total: 3_000_000 },
];

function shown(isTTY: boolean, secondsBetweenLines = 30, events = EVENTS): string {
  let text = '';
  const stream = {
    isTTY,
    columns: 100,
    write: (part: string) => {
      text += part;
      return true;
    },
    on: () => stream,
    removeListener: () => stream,
  } as unknown as NodeJS.WriteStream;
  const progress = terminalProgress({ stream, secondsBetweenLines });
  for (const event of events) progress.onProgress(event);
  progress.close();
  return text;
}

describe('terminalProgress', () => {
  it('writes plain lines outside a terminal, few of them', () => {
    expect(shown(false)).toBe(
      '  10/10 images decoded\n' +
        'epoch 1/3  loss 0.6500  val_loss 0.5000  (12.3 s)  best so far\n' +
        'Stopped early; best epoch: 1\n',
    );
  });

  it('shows that a long epoch is alive', () => {
    expect(shown(false, 0)).toContain('  epoch 1: batch 1/2, loss 0.7000, 20.0 images/s\n');
  });

  it('says that the device waits for images, where it is a tenth of the time or more', () => {
    const [batch, epoch] = [EVENTS[3]!, EVENTS[5]!];
    if (batch.type !== 'batch-end' || epoch.type !== 'epoch-end') throw new Error('the events have moved');
    const stalled = (stallShare: number) => [
      { ...batch, stallShare },
      { ...epoch, logs: { ...epoch.logs, stall_share: stallShare } },
    ];
    expect(shown(false, 0, stalled(0.34))).toBe(
      '  epoch 1: batch 1/2, loss 0.7000, 20.0 images/s, 34 % of the time waiting for images\n' +
        'epoch 1/3  loss 0.6500  val_loss 0.5000  (12.3 s, 34 % of the time waiting for images)  best so far\n',
    );
    expect(shown(false, 0, stalled(0.09))).not.toContain('waiting');
  });

  it('counts bytes in megabytes, with or without knowing how many there will be', () => {
    expect(shown(false, 30, DOWNLOAD)).toBe(
      'scans.zip: the connection failed; trying again in 2 s.\n' +
        '  2.0/2.0 MB of scans.zip\n' +
        '  3.0/3.0 MB unpacked\n',
    );
    const text = shown(true, 30, DOWNLOAD);
    expect(text).toContain('| 1.3 MB of scans.zip');
    expect(text).toContain('| 2.0/2.0 MB of scans.zip');
    expect(text).not.toContain('NaN');
  });

  it('draws bars on a terminal and the same lines per epoch', () => {
    const text = shown(true);
    expect(text).toContain('█');
    expect(text).toContain('epoch 1/3  loss 0.6500  val_loss 0.5000  (12.3 s)  best so far\n');
  });
});
