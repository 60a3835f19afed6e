import type { Evaluation } from 'xray-core';
import { formatCount, formatPercent } from '../format.js';
import type { Html } from '../html.js';
import { lightColor } from '../theme.js';
import { categoryAxis } from './axes.js';
import { renderChart } from './render-chart.js';

/** From here on a cell is so blue that white reads better than ink. */
const WHITE_TEXT_FROM = 0.7;

/** Heat map of the confusion matrix: counts, and the share of each row; the darker, the larger the share. */
export function confusionChart(evaluation: Evaluation): Html {
  const { classNames, confusionMatrix } = evaluation;
  const cells = confusionMatrix.flatMap((row, truth) => {
    const support = row.reduce((sum, count) => sum + count, 0);
    return row.map((count, predicted) => ({
      truth,
      predicted,
      count,
      share: support === 0 ? null : count / support,
    }));
  });
  const description = cells.map(({ truth, predicted, count, share }) => {
    return `${classNames[truth]} predicted as ${classNames[predicted]} ${count} (${formatPercent(share)})`;
  });
  const label = { color: lightColor('ink'), fontSize: 12.5, interval: 0, overflow: 'truncate' };

  return renderChart(
    { width: 400, height: 370, description: `Confusion matrix. ${description.join('; ')}.` },
    {
      grid: { left: 104, right: 8, top: 56, bottom: 8 },
      xAxis: categoryAxis(classNames, {
        name: 'Predicted',
        nameGap: 30,
        position: 'top',
        axisLine: { show: false },
        axisLabel: { ...label, width: 280 / classNames.length - 8, margin: 10 },
      }),
      yAxis: categoryAxis(classNames, {
        name: 'True',
        nameGap: 88,
        inverse: true,
        axisLine: { show: false },
        axisLabel: { ...label, width: 72 },
      }),
      visualMap: {
        show: false,
        dimension: 2,
        min: 0,
        max: 1,
        inRange: { color: ['rgba(0,114,178,0.05)', 'rgba(0,114,178,1)'] },
      },
      series: [
        {
          type: 'heatmap',
          itemStyle: { borderColor: lightColor('surface'), borderWidth: 3 },
          data: cells.map(({ truth, predicted, count, share }) => ({
            value: [predicted, truth, share ?? 0],
            label: {
              show: true,
              formatter: `{count|${formatCount(count)}}\n{share|${formatPercent(share)}}`,
              color: (share ?? 0) >= WHITE_TEXT_FROM ? 'white' : lightColor('ink'),
              rich: {
                count: { fontSize: 21, fontWeight: 600, lineHeight: 28 },
                share: { fontSize: 12.5, lineHeight: 18 },
              },
            },
          })),
        },
      ],
    },
  );
}
