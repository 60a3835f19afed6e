import type { BenchRow } from './section.js';

type Column = readonly [title: string, cell: (row: BenchRow) => string | number | undefined];

const COLUMNS: readonly Column[] = [
  ['work', ({ work }) => work],
  ['on', ({ on }) => on],
  ['batch', ({ batch }) => batch],
  ['images/s (median)', ({ imagesPerSecond }) => imagesPerSecond && round(imagesPerSecond.median)],
  [
    'spread',
    ({ imagesPerSecond }) =>
      imagesPerSecond && `${round(imagesPerSecond.slowest)} to ${round(imagesPerSecond.fastest)}`,
  ],
  ['GFLOPS', ({ gigaflops }) => gigaflops && round(gigaflops)],
  ['of SIMD peak', ({ shareOfSimdPeak }) => shareOfSimdPeak && `${(100 * shareOfSimdPeak).toFixed(0)} %`],
  ['against the first row', ({ againstFirst }) => againstFirst && `${againstFirst.toFixed(2)} x`],
  ['against wasm', ({ againstWasm }) => againstWasm && `${againstWasm.toPrecision(2)} x`],
  ['of a training step', ({ shareOfStep }) => shareOfStep && `${(100 * shareOfStep).toFixed(1)} %`],
  ['peak memory', ({ peakMegabytes }) => peakMegabytes && `${peakMegabytes} MB`],
  ['note', ({ note }) => note],
];

/** A Markdown table with the columns that some row has, ready for the documentation. */
export function formatRows(rows: readonly BenchRow[]): string {
  const columns = COLUMNS.filter(([, cell]) => rows.some((row) => cell(row)));
  const lines = [
    columns.map(([title]) => title),
    ...rows.map((row) => columns.map(([, cell]) => String(cell(row) || ''))),
  ];
  const widths = columns.map((_, index) => Math.max(3, ...lines.map((line) => line[index]!.length)));
  const format = (line: readonly string[]) =>
    `| ${line.map((text, index) => text.padEnd(widths[index]!)).join(' | ')} |`;
  const ruler = widths.map((width) => '-'.repeat(width));
  return [format(lines[0]!), format(ruler), ...lines.slice(1).map(format)].join('\n');
}

/** Three digits where there are as many. */
function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
