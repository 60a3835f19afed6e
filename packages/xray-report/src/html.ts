/** A piece of markup that is already safe to put into a page. Made by `html` and `trustedHtml` only. */
export class Html {
  constructor(readonly text: string) {}
}

/** What may stand in a hole of an `html` template. `null`, `undefined` and `false` leave nothing behind. */
export type HtmlValue = Html | string | number | null | undefined | false | readonly HtmlValue[];

/**
 * Template tag that escapes every value unless it is `Html` itself, so forgetting to escape is not possible.
 * Arrays are joined without a separator.
 *
 * @example
 * html`<td>${fileName}</td>`;
 */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const parts = strings.map((text, index) => text + (index < values.length ? toText(values[index]) : ''));
  return new Html(parts.join(''));
}

/** Marks text as markup. Only for text this package wrote itself, such as a rendered chart. */
export function trustedHtml(text: string): Html {
  return new Html(text);
}

/** Text for element content and for quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function toText(value: HtmlValue): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(toText).join('');
  return escapeHtml(String(value));
}
