import { checkReportData } from './checks/check-report-data.js';
import { html, trustedHtml } from './html.js';
import type { ReportData } from './report-data.js';
import { auditSection } from './sections/audit.js';
import { dataSection } from './sections/data.js';
import { embeddedJson } from './sections/embedded-json.js';
import { evaluationSection } from './sections/evaluation.js';
import { header, NOTICE } from './sections/header.js';
import { mistakesSection } from './sections/mistakes.js';
import { modelSection } from './sections/model.js';
import { notesSection } from './sections/notes.js';
import { runSection } from './sections/run-facts.js';
import { shiftSection } from './sections/shifts.js';
import { trainingSection } from './sections/training.js';
import { styles } from './styles.js';

/** Nothing is fetched and nothing runs, whatever the data says. */
const SECURITY_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/** In the order of the page; each is left out when its data is absent. */
const SECTIONS = [
  notesSection,
  dataSection,
  auditSection,
  modelSection,
  trainingSection,
  evaluationSection,
  shiftSection,
  mistakesSection,
  runSection,
];

/**
 * Writes a report as one HTML page that needs nothing else: no network, no script, no font, no further file. It
 * opens from a disk, prints, and follows the reader's light or dark scheme. The same data gives the
 * same text on one platform; browsers measure the words of a chart themselves, which moves some of them by a fraction.
 *
 * The numbers stand in it once more for programs, as JSON in `<script type="application/json"
 * id="xray-report-data">`: `{ title, evaluations, run }`.
 *
 * @param report - Plain JSON. Every text in it is escaped, images must be data URIs.
 * @returns The page, to be written as UTF-8.
 * @throws {InvalidArgumentError} If a field is not what it must be; `argument` is its path, for example
 *   `report.data.splits[1].imageCounts`.
 *
 * @example
 * createReport({ title: 'Small CNN', summary: 'Trained on 4,185 images.' });
 */
export function createReport(report: ReportData): string {
  checkReportData(report);
  const sections = SECTIONS.map((build) => build(report)).filter((section) => section !== undefined);

  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${SECURITY_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${report.title}</title>
<style>${trustedHtml(styles())}</style>
</head>
<body>
<main>
${header(report, sections)}
${sections.map(
  ({ id, heading, body }) => html`<section id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${heading}</h2>
${body}</section>
`,
)}</main>
<footer><p>${NOTICE}</p></footer>
${embeddedJson(report)}</body>
</html>
`.text;
}
