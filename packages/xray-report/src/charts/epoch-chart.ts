import type { Html } from '../html.js';
import type { ReportTraining } from '../report-data.js';
import { type ColorName, lightColor } from '../theme.js';
import { AXIS_LABEL, categoryAxis, TOP_LEGEND, valueAxis } from './axes.js';
import { renderChart } from './render-chart.js';

/** Enough to tell the lines of a flat curve apart; those of others are round numbers. */
const AXIS_DIGITS = 8;

/** A curve: its words in the legend, the log it shows and its colour. */
export interface EpochCurve {
  readonly label: string;
  readonly log: string;
  readonly color: ColorName;
}

/** Curves that share a vertical axis. */
export interface EpochPanel {
  readonly title: string;
  readonly curves: readonly EpochCurve[];
  /** Writes a value with so many significant digits. @default digits 4 */
  readonly format: (value: number, digits?: number) => string;
  /** Lower end of the axis; by default it follows the values. */
  readonly lowerLimit?: number | undefined;
  /** Upper end of the axis; by default it follows the values. */
  readonly upperLimit?: number | undefined;
}

/** Curves of one or more logs over the epochs, counted from 1; a dashed line marks the best epoch. */
export function epochChart({ epochs, bestEpoch }: ReportTraining, panel: EpochPanel): Html {
  const { title, curves, format, lowerLimit, upperLimit } = panel;
  const hasLegend = curves.length > 1;
  const description = curves.map(({ label, log }) => {
    const values = epochs.map((epoch) => epoch[log]).filter((value) => typeof value === 'number');
    return `${label} from ${format(values[0]!)} to ${format(values.at(-1)!)}`;
  });
  const labelStep = [1, 2, 5, 10, 20, 50, 100].find((step) => epochs.length / step <= 12) ?? 500;

  return renderChart(
    {
      width: 400,
      height: 260,
      description: `${title} over ${epochs.length} epochs: ${description.join('; ')}.`,
    },
    {
      ...(hasLegend ? { legend: TOP_LEGEND } : {}),
      grid: { left: 52, right: 20, top: hasLegend ? 52 : 28, bottom: 46 },
      xAxis: categoryAxis(
        epochs.map((_, epoch) => String(epoch + 1)),
        {
          name: 'Epoch',
          nameGap: 30,
          boundaryGap: epochs.length === 1,
          axisLabel: {
            ...AXIS_LABEL,
            interval: (epoch: number) => (epoch + 1) % labelStep === 0 || (epoch === 0 && labelStep > 2),
          },
        },
      ),
      yAxis: valueAxis((value) => format(value, AXIS_DIGITS), {
        scale: true,
        splitNumber: 4,
        min: lowerLimit,
        max: upperLimit,
      }),
      series: curves.map(({ label, log, color }, index) => ({
        type: 'line',
        name: label,
        data: epochs.map((epoch) => epoch[log] ?? null),
        color: lightColor(color),
        symbol: index === 0 ? 'circle' : 'rect', // apart without colour too
        symbolSize: epochs.length > 40 ? 0 : 6,
        showAllSymbol: true,
        lineStyle: { width: 2.2 },
        itemStyle: { color: lightColor(color), borderWidth: 0 },
        ...(index === 0 && bestEpoch !== undefined ? { markLine: bestLine(bestEpoch, epochs.length) } : {}),
      })),
    },
  );
}

function bestLine(bestEpoch: number, epochCount: number) {
  const place = epochCount === 1 ? 0.5 : bestEpoch / (epochCount - 1);
  return {
    symbol: 'none',
    silent: true,
    data: [{ xAxis: bestEpoch }],
    lineStyle: { color: lightColor('gray'), type: [4, 4], width: 1.2 },
    label: {
      formatter: `best epoch ${bestEpoch + 1}`,
      color: lightColor('muted'),
      fontSize: 11.5,
      position: 'end',
      distance: 4,
      align: place < 0.15 ? 'left' : place > 0.85 ? 'right' : 'center', // stays inside the chart
      textBorderWidth: 0,
    },
  };
}
