import { formatCount, formatPercent } from '../format.js';
import type { Html } from '../html.js';
import type { ReportSplit } from '../report-data.js';
import { classColor, lightColor } from '../theme.js';
import { renderChart } from './render-chart.js';

const WIDTH = 250;
const HEIGHT = 172;

/** Ring of the shares of the classes in one split, its name and size in the middle. */
export function classShareChart(split: ReportSplit, classNames: readonly string[]): Html {
  const total = split.imageCounts.reduce((sum, count) => sum + count, 0);
  const share = (count: number) => formatPercent(total === 0 ? null : count / total);
  const description = split.imageCounts.map((count, label) => `${classNames[label]} ${share(count)}`);

  return renderChart(
    {
      width: WIDTH,
      height: HEIGHT,
      description: `Shares of the classes in ${split.name}: ${description.join(', ')}.`,
    },
    {
      graphic: [
        middleText(HEIGHT / 2 - 9, split.name, '600 15px', 'ink'),
        middleText(HEIGHT / 2 + 11, formatCount(total), '12.5px', 'muted'),
      ],
      series: [
        {
          type: 'pie',
          radius: ['54%', '78%'],
          startAngle: 90,
          stillShowZeroSum: false,
          itemStyle: { borderColor: lightColor('surface'), borderWidth: 2 },
          labelLine: { length: 7, length2: 5, lineStyle: { color: lightColor('gray') } },
          label: { color: lightColor('ink'), fontSize: 13, overflow: 'none' },
          data: split.imageCounts
            .map((count, label) => ({
              name: classNames[label],
              value: count,
              label: { formatter: () => share(count) },
              itemStyle: { color: lightColor(classColor(label)) },
            }))
            .filter(({ value }) => value > 0),
        },
      ],
    },
  );
}

function middleText(y: number, text: string, font: string, color: 'ink' | 'muted') {
  return {
    type: 'text',
    x: WIDTH / 2,
    y,
    style: {
      text,
      font: `${font} sans-serif`,
      fill: lightColor(color),
      textAlign: 'center',
      textVerticalAlign: 'middle',
      width: WIDTH * 0.34,
      overflow: 'truncate',
    },
  } as const;
}
