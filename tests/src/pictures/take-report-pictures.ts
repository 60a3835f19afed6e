/**
 * Writes the sections of a run's report as PNG files, for the documentation:
 *
 *   npx -y pnpm@12.21.0 docs:pictures runs/<run> docs/images/<folder> data model training evaluation
 *
 * `report` is the top of the page. Needs Debian's `chromium` or `CHROME_PATH`.
 */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import sharp from 'sharp';
import { BROWSER_PATH } from '../browser/browser.js';

/** In the page's own pixels; the pictures have 1.25 times as many. */
const WIDTH = 1060;
const MARGIN = 12;
/** Of `report`, the top of the page. */
const REPORT_HEIGHT = 1300;

const [run, folder, ...sections] = process.argv.slice(2);
if (run === undefined || folder === undefined || sections.length === 0) {
  console.error('Usage: pnpm docs:pictures <run folder> <folder for the pictures> <sections...>');
  process.exit(1);
}
if (BROWSER_PATH === undefined) {
  console.error('No chromium found. Install it, or set CHROME_PATH.');
  process.exit(1);
}

const browser = await chromium.launch({ executablePath: BROWSER_PATH, args: ['--no-sandbox'] });
try {
  // So high that images are loaded, which browsers put off for those far below the window.
  const page = await browser.newPage({ viewport: { width: WIDTH, height: 12_000 }, deviceScaleFactor: 1.25 });
  await page.goto(pathToFileURL(resolve(run, 'report.html')).href);
  await mkdir(folder, { recursive: true });
  for (const id of sections) {
    const { y, height } = id === 'report' ? { y: 0, height: REPORT_HEIGHT } : await placeOf(page, id);
    const file = join(folder, `${id}.png`);
    const picture = await page.screenshot({ clip: { x: 0, y, width: WIDTH, height } });
    await sharp(picture).png({ palette: true, colours: 64, effort: 10 }).toFile(file);
    console.log(file);
  }
} finally {
  await browser.close();
}

/** Where a section lies; of the evaluations the first one, of the test side, is enough. */
async function placeOf(page: Page, id: string): Promise<{ y: number; height: number }> {
  const section = await page.locator(`#${id}`).boundingBox({ timeout: 1000 });
  if (section === null) throw new Error(`The report has no visible section ${id}.`);
  const headings = page.locator(`#${id} h3`);
  const second =
    id === 'evaluation' && (await headings.count()) > 1 ? await headings.nth(1).boundingBox() : null;
  return { y: section.y, height: second ? second.y - MARGIN - section.y : section.height };
}
