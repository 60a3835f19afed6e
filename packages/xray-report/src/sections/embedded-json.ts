import { type Html, trustedHtml } from '../html.js';
import type { ReportData } from '../report-data.js';

/**
 * The numbers for programs: `{ title, evaluations, run }` as JSON in an element that browsers do not run. Read it
 * back with `JSON.parse(document.getElementById('xray-report-data').textContent)`.
 */
export function embeddedJson({ title, evaluations = [], run = {} }: ReportData): Html {
  // Escaped inside the JSON strings, so that no text can end the element.
  const text = JSON.stringify({ title, evaluations, run }).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return trustedHtml(`<script type="application/json" id="xray-report-data">${text}</script>\n`);
}
