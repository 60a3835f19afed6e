import type { Evaluation, OperatingPoint } from 'xray-core';
import { formatDecimal, formatInterval } from '../format.js';
import type { Html } from '../html.js';
import type { ReportRoc } from '../report-data.js';
import { lightColor } from '../theme.js';
import { TOP_LEGEND, valueAxis } from './axes.js';
import { renderChart } from './render-chart.js';

/** ROC curve of pneumonia against the negative class, with the operating point, the point at 0.5 and chance. */
export function rocChart(evaluation: Evaluation, roc: ReportRoc): Html {
  const { auroc, intervals, threshold, atHalf } = evaluation;
  const interval = intervals.auroc === undefined ? '' : ` (${formatInterval(intervals.auroc, 'decimal')})`;
  const points = [
    pointSeries(`threshold ${formatDecimal(threshold)}`, evaluation, {
      color: lightColor('vermillion'),
      borderColor: lightColor('surface'),
      borderWidth: 2,
    }),
    threshold === 0.5
      ? undefined
      : pointSeries('threshold 0.5', atHalf, {
          color: lightColor('surface'),
          borderColor: lightColor('vermillion'),
          borderWidth: 2.5,
        }),
  ].filter((series) => series !== undefined);
  const names = points.map(({ name }) => name);
  const range = { min: 0, max: 1, interval: 0.2 };

  return renderChart(
    {
      width: 400,
      height: 370,
      description: `ROC curve, area ${formatDecimal(auroc)}${interval}.${names.length === 0 ? '' : ` Marked: ${names.join(', ')}.`}`,
    },
    {
      legend: { ...TOP_LEGEND, data: names },
      grid: { left: 56, right: 14, top: 36, bottom: 48 },
      xAxis: valueAxis(String, { ...range, name: '1 − specificity', nameGap: 30 }),
      yAxis: valueAxis(String, { ...range, name: 'Sensitivity', nameGap: 38 }),
      graphic: [
        {
          type: 'text',
          x: 376,
          y: 292,
          style: {
            text: `AUROC ${formatDecimal(auroc)}${interval}`,
            font: '600 14px sans-serif',
            fill: lightColor('ink'),
            textAlign: 'right',
          },
        },
      ],
      series: [
        {
          type: 'line',
          data: [
            [0, 0],
            [1, 1],
          ],
          symbol: 'none',
          lineStyle: { color: lightColor('gray'), width: 1.2, type: [4, 4] },
        },
        {
          type: 'line',
          data: roc.falsePositiveRate.map((rate, index) => [rate, roc.truePositiveRate[index]]),
          symbol: 'none',
          lineStyle: { color: lightColor('blue'), width: 2.4, join: 'round' },
          areaStyle: { color: lightColor('blue'), opacity: 0.06 },
        },
        ...points,
      ],
    },
  );
}

/** A mark on the curve; `undefined` where one of its two numbers is undefined. */
function pointSeries(name: string, { sensitivity, specificity }: OperatingPoint, itemStyle: object) {
  if (sensitivity === null || specificity === null) return undefined;
  return {
    type: 'scatter',
    name,
    symbolSize: 13,
    z: 5,
    itemStyle: { ...itemStyle, opacity: 1 },
    data: [[1 - specificity, sensitivity]],
  } as const;
}
