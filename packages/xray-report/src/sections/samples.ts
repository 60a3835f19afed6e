import { formatShape } from '../format.js';
import { type Html, html } from '../html.js';
import type { ReportSample } from '../report-data.js';

/** Images with their labels, as they came and as the model sees them. */
export function sampleGrid(samples: readonly ReportSample[]): Html {
  return html`<h3>Sample images before and after resizing</h3>
<ul class="samples">
${samples.map(sampleCard)}</ul>
`;
}

function sampleCard({ label, before, after, beforeSize, afterSize, name }: ReportSample): Html {
  return html`<li class="card">
<div class="pair">
${picture(before, `${label}, original`, beforeSize)}
${picture(after, `${label}, resized`, afterSize)}
</div>
<p><strong>${label}</strong>${name !== undefined && html` <span class="file">${name}</span>`}</p>
</li>
`;
}

function picture(source: string, description: string, size: readonly [number, number] | undefined): Html {
  return html`<div><img src="${source}" alt="${description}" loading="lazy"><span class="size">${
    size !== undefined && formatShape(size)
  }</span></div>`;
}
