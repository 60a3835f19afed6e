import { lightColor } from '../theme.js';

export const AXIS_LABEL = { color: lightColor('muted'), fontSize: 12 } as const;

/** What the axes of all charts have in common. */
const COMMON = {
  axisLabel: AXIS_LABEL,
  axisTick: { show: false },
  nameLocation: 'middle',
  nameTextStyle: { color: lightColor('muted'), fontSize: 12 },
} as const;

/** Axis of names, with a base line and no grid. */
export function categoryAxis(names: readonly string[], settings: object = {}) {
  return {
    ...COMMON,
    type: 'category',
    data: [...names],
    axisLine: { lineStyle: { color: lightColor('gray') } },
    ...settings,
  } as const;
}

/** Axis of numbers, with grid lines and no base line. */
export function valueAxis(format: (value: number) => string, settings: object = {}) {
  return {
    ...COMMON,
    type: 'value',
    axisLabel: { ...AXIS_LABEL, formatter: format },
    axisLine: { show: false },
    splitLine: { lineStyle: { color: lightColor('rule') } },
    ...settings,
  } as const;
}

/** Legend above the plot, on the left. */
export const TOP_LEGEND = {
  top: 0,
  left: 0,
  itemGap: 18,
  itemWidth: 22,
  itemHeight: 10,
  textStyle: { color: lightColor('ink'), fontSize: 12.5 },
} as const;
