import type { ShiftEvaluation } from 'xray-core';
import { formatPercent } from '../format.js';
import type { Html } from '../html.js';
import { type ColorName, lightColor } from '../theme.js';
import { categoryAxis, TOP_LEGEND, valueAxis } from './axes.js';
import { renderChart } from './render-chart.js';

const ROW_HEIGHT = 24;

/** Sensitivity and specificity under each shift, a mark per strength, larger where it is stronger. */
export function shiftChart({ shifts, unchanged }: ShiftEvaluation): Html {
  const names = [...new Set(shifts.map(({ name }) => name))].reverse();
  const marks = (label: string, key: 'sensitivity' | 'specificity', color: ColorName, symbol: string) => ({
    type: 'scatter',
    name: label,
    symbol,
    symbolSize: (value: number[]) => 5 + 3 * value[2]!,
    itemStyle: { color: lightColor(color), opacity: 0.75 },
    data: shifts
      .filter((shift) => shift[key] !== null)
      .map((shift) => [shift[key], names.indexOf(shift.name), shift.strength]),
    markLine: {
      silent: true,
      symbol: 'none',
      label: { show: false },
      lineStyle: { color: lightColor(color), type: [4, 4], width: 1 },
      data: unchanged[key] === null ? [] : [{ xAxis: unchanged[key] }],
    },
  });
  return renderChart(
    {
      width: 560,
      height: 74 + names.length * ROW_HEIGHT,
      description: `Sensitivity and specificity under ${names.length} shifts; lowest ${lowest(shifts, 'sensitivity')} and ${lowest(shifts, 'specificity')}.`,
    },
    {
      legend: { ...TOP_LEGEND, data: ['sensitivity', 'specificity'] },
      grid: { left: 112, right: 18, top: 30, bottom: 40 },
      xAxis: valueAxis((value) => `${Math.round(value * 100)} %`, {
        min: 0,
        max: 1,
        interval: 0.2,
        name: 'dashed: the images as they are',
        nameGap: 26,
      }),
      yAxis: categoryAxis(names),
      series: [
        marks('sensitivity', 'sensitivity', 'blue', 'circle'),
        marks('specificity', 'specificity', 'vermillion', 'diamond'),
      ],
    },
  );
}

function lowest(shifts: ShiftEvaluation['shifts'], key: 'sensitivity' | 'specificity'): string {
  const values = shifts.map((shift) => shift[key]).filter((value) => value !== null);
  return formatPercent(values.length === 0 ? null : Math.min(...values));
}
