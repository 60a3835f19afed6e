// Runs functions of the tests in a real browser: bundled, served from this machine, called in a page.
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Debian's chromium or what `CHROME_PATH` names; undefined where there is none. */
export const BROWSER_PATH = [process.env.CHROME_PATH, ...PLACES].find(
  (path) => path !== undefined && existsSync(path),
);

/** Tests that need a browser are skipped without one, except in CI, which installs it. */
export const skipWithoutBrowser = BROWSER_PATH === undefined && process.env.CI !== 'true';
if (skipWithoutBrowser) console.warn('Skipped: no chromium found. Install it, or set CHROME_PATH.');

/** Where the page finds the binaries of the wasm backend. */
export const WASM_FOLDER_URL = '/wasm/';
const wasmFolder = dirname(fileURLToPath(import.meta.resolve('@tensorflow/tfjs-backend-wasm/package.json')));

/** Options of `runInBrowser`. */
export interface BrowserRun {
  /** TypeScript file, absolute, that exports `functionName`. */
  readonly file: string;
  readonly functionName: string;
  /** Cross-origin isolated pages have SharedArrayBuffer. */
  readonly isIsolated: boolean;
}

/**
 * Calls an exported function in a page and returns what it resolves to, as JSON.
 *
 * @throws {Error} If the function throws, the page does not load, or there is no browser.
 */
export async function runInBrowser<Result>(run: BrowserRun, argument: unknown): Promise<Result> {
  if (BROWSER_PATH === undefined) throw new Error('No chromium found. Install it, or set CHROME_PATH.');
  const server = await serve(await bundle(run), run.isIsolated);
  const browser = await chromium.launch({
    executablePath: BROWSER_PATH,
    args: ['--no-sandbox', '--disable-background-networking'],
  });
  try {
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
    if (problems.length > 0) throw new Error(`The page failed: ${problems.join('; ')}`);
    return await page.evaluate(
      (value) => (globalThis as unknown as { run(value: unknown): Promise<Result> }).run(value),
      argument,
    );
  } finally {
    await browser.close();
    await new Promise((closed) => server.close(closed));
  }
}

async function bundle({ file, functionName }: BrowserRun): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { ${functionName} } from ${JSON.stringify(file)};\nglobalThis.run = ${functionName};`,
      resolveDir: dirname(file),
      sourcefile: 'page.ts',
      loader: 'ts',
    },
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    conditions: ['@xray/source', 'module'],
    logLevel: 'error',
  });
  return outputFiles[0]!.text;
}

async function serve(script: string, isIsolated: boolean): Promise<Server> {
  const isolation = {
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
  };
  const server = createServer(({ url = '/' }, response) => {
    const send = (type: string, content: string | Buffer) =>
      response.writeHead(200, { 'Content-Type': type, ...(isIsolated ? isolation : {}) }).end(content);
    const binary = /^\/wasm\/([\w-]+\.wasm)$/.exec(url)?.[1];
    if (url === '/') send('text/html', '<!doctype html><title>Test</title><script src="/page.js"></script>');
    else if (url === '/page.js') send('text/javascript', script);
    else if (binary) send('application/wasm', readFileSync(join(wasmFolder, 'wasm-out', binary)));
    else response.writeHead(404).end();
  });
  await new Promise<void>((ready) => server.listen(0, 'localhost', ready));
  return server;
}
