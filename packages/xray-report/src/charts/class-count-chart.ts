import { formatCount } from '../format.js';
import type { Html } from '../html.js';
import type { ReportDataset } from '../report-data.js';
import { classColor, lightColor } from '../theme.js';
import { categoryAxis, valueAxis } from './axes.js';
import { renderChart } from './render-chart.js';

/** Bars of the images per class, grouped by split. The legend is the caller's: it breaks lines where names are long. */
export function classCountChart(dataset: ReportDataset): Html {
  const { classNames, splits } = dataset;
  const description = splits.map(({ name, imageCounts }) => {
    const counts = imageCounts.map((count, label) => `${classNames[label]} ${formatCount(count)}`);
    return `${name}: ${counts.join(', ')}`;
  });

  return renderChart(
    { width: 400, height: 300, description: `Bar chart of images per class. ${description.join('; ')}.` },
    {
      grid: { left: 46, right: 8, top: 20, bottom: 26 },
      xAxis: categoryAxis(splits.map(({ name }) => name)),
      yAxis: valueAxis(formatCount, { minInterval: 1, splitNumber: 4 }),
      series: classNames.map((name, label) => ({
        type: 'bar',
        name,
        data: splits.map(({ imageCounts }) => imageCounts[label]),
        color: lightColor(classColor(label)),
        barMaxWidth: 40,
        barGap: '12%',
        barCategoryGap: '24%',
        itemStyle: { borderRadius: [2, 2, 0, 0] },
        label: {
          show: true,
          position: 'top',
          distance: 4,
          color: lightColor('ink'),
          fontSize: 11.5,
          formatter: ({ value }: { value: number }) => formatCount(value),
        },
      })),
    },
  );
}
