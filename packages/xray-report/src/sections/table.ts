import { type Html, type HtmlValue, html } from '../html.js';

/** A column: its heading and whether it holds numbers (set to the right, figures of equal width). */
export interface Column {
  readonly heading: string;
  readonly numeric?: boolean | undefined;
}

/** A row of cells; the first is the heading of the row. */
export interface Row {
  readonly cells: readonly HtmlValue[];
  /** A `total` is set off by a line and its weight, an `average` by a line, `marked` by the background. */
  readonly kind?: 'total' | 'average' | 'marked' | undefined;
}

/** A table that scrolls inside its own box when the screen is narrow. */
export function table(caption: string, columns: readonly Column[], rows: readonly Row[]): Html {
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0">
<table>
<caption><span>${caption}</span></caption>
<thead><tr>${columns.map(
    ({ heading, numeric }) => html`<th scope="col"${numeric && html` class="number"`}>${heading}</th>`,
  )}</tr></thead>
<tbody>
${rows.map(
  ({ cells, kind }) => html`<tr${kind !== undefined && html` class="${kind}"`}>${cells.map((cell, index) =>
    index === 0
      ? html`<th scope="row">${cell}</th>`
      : html`<td${columns[index]?.numeric && html` class="number"`}>${cell}</td>`,
  )}</tr>
`,
)}</tbody>
</table>
</div>
`;
}
