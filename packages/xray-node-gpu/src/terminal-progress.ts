import { basename } from 'node:path';
import { SingleBar } from 'cli-progress';
import type { ProgressCallback, ProgressEvent } from 'xray-core';

/** Shows progress events in a terminal. */
export interface TerminalProgress {
  readonly onProgress: ProgressCallback;
  /** Takes away a bar that is still shown. Call it before printing something else and in the end. */
  close(): void;
}

/** Options of `terminalProgress`. */
export interface TerminalProgressOptions {
  /** @default process.stderr, so that stdout stays free for results */
  stream?: NodeJS.WriteStream | undefined;
  /** Least time between two plain lines within an epoch, in seconds. @default 30 */
  secondsBetweenLines?: number | undefined;
}

const NOUNS = {
  index: 'rows of tables read',
  decode: 'images decoded',
  compare: 'rounds of comparing images',
  features: 'features of the frozen base computed',
  predict: 'images predicted',
  resample: 'resamples measured',
} as const;

const ENDS = {
  completed: 'All epochs done',
  'early-stopping': 'Stopped early',
  stopped: 'Stopped on request',
} as const;

/** Share of the time from which waiting for input is worth a word. */
const NOTABLE_STALL = 0.1;

interface Count {
  readonly done: number;
  /** Infinity if nobody knows. */
  readonly total: number;
  readonly text: string;
}

/** What an event counts, if it counts something. */
function countOf(event: ProgressEvent): Count | undefined {
  if (event.type === 'download' || event.type === 'unpack') {
    const { done, total = Infinity } = event;
    const all = total < Infinity ? `/${megabytes(total)}` : '';
    const noun = event.type === 'download' ? `MB of ${basename(event.file)}` : 'MB unpacked';
    return { done, total, text: `${megabytes(done)}${all} ${noun}` };
  }
  if (event.type in NOUNS) {
    const { type, done, total } = event as Extract<ProgressEvent, { type: keyof typeof NOUNS }>;
    return { done, total, text: `${done}/${total} ${NOUNS[type]}` };
  }
  return undefined;
}

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);

/**
 * Shows bars on a terminal and plain lines anywhere else (a file, a CI log): one line per epoch, and now and then
 * one in between, so that a long epoch does not look dead.
 */
export function terminalProgress(options: TerminalProgressOptions = {}): TerminalProgress {
  const { stream = process.stderr, secondsBetweenLines = 30 } = options;
  return stream.isTTY ? bars(stream) : lines(stream, secondsBetweenLines);
}

function bars(stream: NodeJS.WriteStream): TerminalProgress {
  let bar: SingleBar | undefined;
  let phase = '';
  const close = () => {
    bar?.stop();
    bar = undefined;
    phase = '';
  };
  const show = (name: string, value: number, total: number, text: string) => {
    if (phase !== name) {
      close();
      phase = name;
      bar = new SingleBar({
        stream,
        format: '  {bar} {percentage} % | {text}| {eta_formatted} left',
        barCompleteChar: '█',
        barIncompleteChar: '░',
        barsize: 30,
        hideCursor: true,
        clearOnComplete: true,
      });
      bar.start(total, 0, { text: '' });
    }
    bar?.update(value, { text: `${text} ` });
    if (value >= total) close();
  };
  const onProgress: ProgressCallback = (event) => {
    const count = countOf(event);
    if (count) {
      show(event.type, count.done, count.total, count.text);
    } else if (event.type === 'batch-end') {
      const { epoch, batch, batches } = event;
      show(`epoch ${epoch}`, batch, batches, `${batch}/${batches} batches, ${batchText(event)}`);
    } else {
      close();
      const text = lineOf(event);
      if (text) stream.write(`${text}\n`);
    }
  };
  return { onProgress, close };
}

function lines(stream: NodeJS.WriteStream, secondsBetweenLines: number): TerminalProgress {
  let lastLine = performance.now();
  const write = (text: string) => {
    lastLine = performance.now();
    stream.write(`${text}\n`);
  };
  const isQuiet = () => performance.now() - lastLine < secondsBetweenLines * 1000;
  const onProgress: ProgressCallback = (event) => {
    const count = countOf(event);
    if (count) {
      const finished = event.type !== 'predict' && count.done === count.total;
      if (finished || !isQuiet()) write(`  ${count.text}`);
    } else if (event.type === 'batch-end') {
      if (!isQuiet())
        write(`  epoch ${event.epoch + 1}: batch ${event.batch}/${event.batches}, ${batchText(event)}`);
    } else {
      const text = lineOf(event);
      if (text) write(text);
    }
  };
  return { onProgress, close: () => {} };
}

function batchText({
  loss,
  imagesPerSecond,
  stallShare,
}: Extract<ProgressEvent, { type: 'batch-end' }>): string {
  return `loss ${loss.toFixed(4)}, ${imagesPerSecond.toFixed(1)} images/s${stallText(stallShare)}`;
}

/** Says that the device waits for its input, where it is worth a word. */
function stallText(share: number): string {
  return share < NOTABLE_STALL ? '' : `, ${(share * 100).toFixed(0)} % of the time waiting for images`;
}

function lineOf(event: ProgressEvent): string | undefined {
  if (event.type === 'epoch-end') {
    const { seconds = 0, stall_share: stallShare = 0, learning_rate: _rate, ...numbers } = event.logs;
    const logs = Object.entries(numbers).map(([name, value]) => `${name} ${value.toFixed(4)}`);
    return `epoch ${event.epoch + 1}/${event.epochs}  ${logs.join('  ')}  (${seconds.toFixed(1)} s${stallText(stallShare)})${event.improved ? '  best so far' : ''}`;
  }
  if (event.type === 'download-retry') {
    const wait = event.delay > 0 ? ` in ${(event.delay / 1000).toFixed(0)} s` : '';
    return `${basename(event.file)}: ${event.problem}; trying again${wait}.`;
  }
  if (event.type === 'phase-start') return `Phase ${event.index + 1} of ${event.count}: ${event.phase}`;
  if (event.type === 'train-end') {
    const why = ENDS[event.reason];
    return `${why}; best epoch: ${event.bestEpoch + 1}`;
  }
  return undefined;
}
