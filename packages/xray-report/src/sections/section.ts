import { type Html, type HtmlValue, html } from '../html.js';

/** A section of the report that can be reached from the navigation. */
export interface Section {
  /** Of the element; fixed words only. */
  readonly id: string;
  readonly heading: string;
  readonly body: Html;
}

/** A drawing with its title above and an optional remark below. */
export function figure(title: string, drawing: HtmlValue, remark?: HtmlValue): Html {
  return html`<figure class="card">
<figcaption>${title}</figcaption>
${drawing}
${remark !== undefined && html`<p class="remark">${remark}</p>`}
</figure>
`;
}

/** One or two sentences in front of a section, where the caller gave some. */
export function lead(text: string | undefined): Html | false {
  return (
    text !== undefined &&
    html`<p class="lead">${text}</p>
`
  );
}
