import { formatQuantity, formatShape } from '../format.js';
import { type Html, html } from '../html.js';
import type { ReportModel } from '../report-data.js';
import { type LayerBlock, layerBlocks } from './layer-blocks.js';
import { layerBox } from './layer-box.js';
import { KIND_COLORS, type LayerKind, layerKind } from './layer-kind.js';

/**
 * The network as a line of boxes. Every box is its own drawing in a list, so the line breaks to the width of the
 * screen and stays readable on a phone and on paper.
 */
export function modelDrawing(model: ReportModel): Html {
  const blocks = [...inputBlock(model), ...layerBlocks(model.layers)];
  return html`<ol class="network">
${blocks.map(
  (block, index) => html`<li>${layerBox(block, index === 0)}<p>${words(block)}</p></li>
`,
)}</ol>
${legend(blocks)}`;
}

function inputBlock({ inputShape, layers }: ReportModel): readonly LayerBlock[] {
  if (inputShape === undefined || layerKind(layers[0]!.type) === 'input') return [];
  return [
    {
      title: 'Input',
      kind: 'input',
      shape: inputShape,
      layerCount: 1,
      parameters: 0,
      trainableParameters: 0,
      detail: undefined,
    },
  ];
}

function words({ title, layerCount, parameters, trainableParameters, detail, shape }: LayerBlock): Html {
  const frozen = parameters > 0 && trainableParameters === 0 ? ', frozen' : '';
  return html`<strong>${title}</strong>
${detail !== undefined && html`<span>${detail}</span>`}
${layerCount > 1 && html`<span>${formatQuantity(layerCount, 'layer')}</span>`}
${parameters > 0 && html`<span>${formatQuantity(parameters, 'parameter')}${frozen}</span>`}
<span class="hidden">output ${formatShape(shape)}</span>`;
}

function legend(blocks: readonly LayerBlock[]): Html {
  const kinds = new Set(blocks.map(({ kind }) => kind));
  const shown = (Object.keys(KIND_COLORS) as LayerKind[]).filter(
    (kind) => kinds.has(kind) && KIND_COLORS[kind] !== 'gray', // gray has no meaning of its own
  );
  return html`<ul class="legend">${shown.map(
    (kind) => html`<li><span class="swatch ${KIND_COLORS[kind]}"></span>${kind}</li>`,
  )}</ul>
`;
}
