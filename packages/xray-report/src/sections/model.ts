import { modelDrawing } from '../drawing/model-drawing.js';
import { formatCount, formatQuantity, formatShape } from '../format.js';
import { type Html, html } from '../html.js';
import type { ReportData, ReportLayer, ReportModel } from '../report-data.js';
import { figure, lead, type Section } from './section.js';
import { type Row, table } from './table.js';

/** Longer summaries are folded away. */
const LONGEST_OPEN_SUMMARY = 24;

/** Drawing and summary of the network. */
export function modelSection({ model }: ReportData): Section | undefined {
  if (model === undefined) return undefined;
  const { layers, name, description } = model;
  const summary = summaryTable(model);
  return {
    id: 'model',
    heading: 'Model',
    body: html`${lead(description)}
${figure(name, modelDrawing(model), 'Boxes are high as the feature maps and thick as their channels, on a logarithmic scale. Dashed boxes are frozen.')}
${
  layers.length > LONGEST_OPEN_SUMMARY
    ? html`<details class="fold"><summary>Summary of all ${formatQuantity(layers.length, 'layer')}</summary>${summary}</details>`
    : summary
}`,
  };
}

function summaryTable({ name, layers }: ReportModel): Html {
  const sum = (pick: (layer: ReportLayer) => number) =>
    layers.reduce((total, layer) => total + pick(layer), 0);
  const total = sum(({ parameters }) => parameters);
  const trainable = sum(({ trainableParameters }) => trainableParameters);
  const rows: Row[] = layers.map(({ name: layer, type, outputShape, parameters, trainableParameters }) => ({
    cells: [
      layer,
      type,
      formatShape(outputShape.slice(1)),
      formatCount(parameters),
      parameters === 0 ? '' : trainableParameters === 0 ? 'frozen' : formatCount(trainableParameters),
    ],
  }));
  rows.push({
    cells: ['total', '', '', formatCount(total), formatCount(trainable)],
    kind: 'total',
  });
  return table(
    `Layers of ${name}`,
    [
      { heading: 'Layer' },
      { heading: 'Type' },
      { heading: 'Output' },
      { heading: 'Parameters', numeric: true },
      { heading: 'Trainable', numeric: true },
    ],
    rows,
  );
}
