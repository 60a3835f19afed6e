import { BarChart, HeatmapChart, LineChart, PieChart, ScatterChart } from 'echarts/charts';
import {
  GraphicComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  VisualMapComponent,
} from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { escapeHtml, type Html, trustedHtml } from '../html.js';
import { lightColor } from '../theme.js';

use([
  BarChart,
  GraphicComponent,
  GridComponent,
  HeatmapChart,
  LegendComponent,
  LineChart,
  MarkLineComponent,
  PieChart,
  ScatterChart,
  SVGRenderer,
  VisualMapComponent,
]);

/** Size of a chart in its own units and what it shows, for those who cannot see it. */
export interface ChartFrame {
  readonly width: number;
  readonly height: number;
  readonly description: string;
}

/** Styles for hovering, clip paths (nothing lies outside of the axes) and marks for a script on the page. */
const DYNAMIC_ELEMENTS = /<(style|defs) >[\s\S]*?<\/\1>/g;
const DYNAMIC_ATTRIBUTES =
  / (?:class="zr\d+-cls-\d+"|clip-path="url\([^"]*"|ecmeta_\w+="[^"]*"|pointer-events="visible")/g;

/**
 * Draws a chart without a DOM.
 *
 * ECharts numbers its classes and clip paths through the whole process, so two drawings of one chart differ. What
 * carries these numbers serves interaction, of which the page has none, and is cut out: what remains depends on
 * the option alone and can stand many times in one page.
 *
 * @returns One `<svg>` without ids, styles or scripts, which fills its container by its `viewBox`.
 */
export function renderChart(frame: ChartFrame, option: EChartsCoreOption): Html {
  const { width, height, description } = frame;
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: 'inherit', fontSize: 12, color: lightColor('ink') },
      ...option,
    });
    const svg = chart
      .renderToSVGString()
      .replace(DYNAMIC_ELEMENTS, '')
      .replace(DYNAMIC_ATTRIBUTES, '')
      .replace('<svg ', () => `<svg role="img" aria-label="${escapeHtml(description)}" `);
    return trustedHtml(svg);
  } finally {
    chart.dispose();
  }
}
