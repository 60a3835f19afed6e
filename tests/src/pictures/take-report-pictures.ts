/**
 * Writes the sections of a run's report as PNG files, for the documentation:
 *
 *   npx -y pnpm@12.21.0 docs:pictures runs/<run> docs/images/<folder> data model training evaluation
 *
 * Needs Debian's `chromium` or `CHROME_PATH`.
 */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import sharp from 'sharp';
import { BROWSER_PATH } from '../browser/browser.js';

/** In the page's own pixels; the pictures have 1.25 times as many. */
const WIDTH = 1060;
const MARGIN = 12;

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
  const page = await browser.newPage({ viewport: { width: WIDTH, height: 6000 }, deviceScaleFactor: 1.25 });
  await page.goto(pathToFileURL(resolve(run, 'report.html')).href);
  await mkdir(folder, { recursive: true });
  for (const id of sections) {
    const section = await page.locator(`#${id}`).boundingBox({ timeout: 1000 });
    if (section === null) throw new Error(`The report has no visible section ${id}.`);
    // The first evaluation, of the test side, is enough.
    const second = await page
      .locator(`#${id} h3`)
      .nth(1)
      .boundingBox({ timeout: 100 })
      .catch(() => null);
    const bottom = id === 'evaluation' && second ? second.y - MARGIN : section.y + section.height;
    const file = join(folder, `${id}.png`);
    const clip = { x: 0, y: section.y, width: WIDTH, height: bottom - section.y };
    const picture = await page.screenshot({ clip });
    await sharp(picture).png({ palette: true, colours: 64, effort: 10 }).toFile(file);
    console.log(file);
  }
} finally {
  await browser.close();
}
