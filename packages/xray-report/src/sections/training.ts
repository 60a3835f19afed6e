import { type EpochPanel, epochChart } from '../charts/epoch-chart.js';
import { formatAnyNumber, formatQuantity, humanise, NOTHING } from '../format.js';
import { type Html, html } from '../html.js';
import type { ReportData, ReportTraining } from '../report-data.js';
import { figure, lead, type Section } from './section.js';
import { table } from './table.js';

const inPercent = (value: number, digits?: number) => `${formatAnyNumber(value * 100, digits)}\u202f%`;

/** Drawn when at least one of their logs is there. */
const PANELS: readonly EpochPanel[] = [
  {
    title: 'Loss',
    curves: [
      { label: 'train', log: 'loss', color: 'blue' },
      { label: 'validation', log: 'val_loss', color: 'vermillion' },
    ],
    format: formatAnyNumber,
  },
  {
    title: 'Accuracy',
    curves: [
      { label: 'train', log: 'accuracy', color: 'blue' },
      { label: 'validation', log: 'val_accuracy', color: 'vermillion' },
    ],
    format: inPercent,
    upperLimit: 1,
  },
  {
    title: 'Validation AUROC',
    curves: [
      { label: 'validation', log: 'val_auroc', color: 'vermillion' },
      { label: 'validation under shifts', log: 'val_shifted_auroc', color: 'green' },
    ],
    format: formatAnyNumber,
    upperLimit: 1,
  },
  {
    title: 'Learning rate',
    curves: [{ label: 'learning rate', log: 'learning_rate', color: 'green' }],
    format: formatAnyNumber,
    lowerLimit: 0, // a slow decay would fill the axis with equal labels
  },
];

/** Names of the logs as a reader knows them; others are written as they are. */
const LOG_NAMES: Readonly<Record<string, string>> = {
  loss: 'Loss',
  accuracy: 'Accuracy',
  val_loss: 'Validation loss',
  val_accuracy: 'Validation accuracy',
  val_auroc: 'Validation AUROC',
  val_shifted_loss: 'Validation loss under shifts',
  val_shifted_auroc: 'Validation AUROC under shifts',
};

/** Curves over the epochs and the numbers behind them. */
export function trainingSection({ training }: ReportData): Section | undefined {
  if (training === undefined) return undefined;
  const panels = PANELS.map((panel) => ({
    ...panel,
    curves: panel.curves.filter(({ log }) => training.epochs.some((epoch) => typeof epoch[log] === 'number')),
  })).filter(({ curves }) => curves.length > 0);

  return {
    id: 'training',
    heading: 'Training',
    body: html`${lead(training.description)}
<p class="lead">${course(training)}</p>
<div class="columns">
${panels.map((panel) => figure(panel.title, epochChart(training, panel)))}</div>
${historyTable(training)}`,
  };
}

function course({ epochs, bestEpoch, monitor, stopReason }: ReportTraining): string {
  const length = formatQuantity(epochs.length, 'epoch');
  const end =
    stopReason === 'early-stopping'
      ? `Stopped early after ${length}.`
      : stopReason === 'completed'
        ? `Ran all ${length}.`
        : stopReason === 'stopped'
          ? `Stopped on request after ${length}.`
          : `${length} recorded.`;
  if (bestEpoch === undefined) return end;
  const reason =
    monitor === undefined ? '' : `, chosen by ${logName(monitor).toLowerCase().replace('auroc', 'AUROC')}`;
  return `${end} The weights of epoch ${bestEpoch + 1} were kept${reason}.`;
}

function historyTable({ epochs, bestEpoch }: ReportTraining): Html {
  // The rows are counted from 1, which the logs are not.
  const logs = [...new Set(epochs.flatMap((epoch) => Object.keys(epoch)))].filter((log) => log !== 'epoch');
  const rows = epochs.map((epoch, index) => ({
    cells: [
      index === bestEpoch ? `${index + 1} (best)` : String(index + 1),
      ...logs.map((log) => formatLog(epoch[log])),
    ],
    ...(index === bestEpoch ? ({ kind: 'marked' } as const) : {}),
  }));
  const columns = [{ heading: 'Epoch' }, ...logs.map((log) => ({ heading: logName(log), numeric: true }))];
  return html`<details class="fold"><summary>Numbers of every epoch</summary>
${table('Training history', columns, rows)}</details>
`;
}

function logName(log: string): string {
  return LOG_NAMES[log] ?? humanise(log);
}

function formatLog(value: number | null | undefined): string {
  return typeof value === 'number' ? formatAnyNumber(value) : NOTHING;
}
