/** A registry of this machine alone (verdaccio), which holds what is published to it and passes on the rest. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from './workspace.mjs';

/**
 * Starts the registry on a free port of the loopback interface.
 *
 * @param {string} folder - Holds its configuration, storage and log.
 * @param {readonly string[]} ownPackages - Come from nowhere but here.
 * @returns {Promise<{ url: string, stop: () => void }>}
 */
export async function startRegistry(folder, ownPackages) {
  mkdirSync(folder, { recursive: true });
  const upstream = execFileSync('npm', ['config', 'get', 'registry'], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  }).trim();
  const everybody = { access: '$all', publish: '$all', unpublish: '$all' };
  const configuration = {
    storage: join(folder, 'storage'),
    uplinks: { upstream: { url: upstream, timeout: '60s', maxage: '60m' } },
    packages: {
      ...Object.fromEntries(ownPackages.map((name) => [name, everybody])),
      '**': { access: '$all', proxy: 'upstream' },
    },
    max_body_size: '50mb',
    web: { enable: false },
    log: { type: 'file', path: join(folder, 'log'), level: 'warn', format: 'pretty' },
  };
  const file = join(folder, 'config.yaml');
  writeFileSync(file, JSON.stringify(configuration)); // JSON is YAML

  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const verdaccio = join(ROOT, 'node_modules', 'verdaccio', 'bin', 'verdaccio');
  const child = spawn(process.execPath, [verdaccio, '--config', file, '--listen', `127.0.0.1:${port}`], {
    cwd: folder,
    stdio: 'ignore',
  });
  const stop = () => child.kill();
  for (let attempt = 0; attempt < 150; attempt++) {
    if (child.exitCode !== null) break;
    const answer = await fetch(`${url}-/ping`).catch(() => undefined);
    if (answer?.ok) return { url, stop };
    await sleep(200);
  }
  stop();
  throw new Error(`The local registry did not start; its log is ${join(folder, 'log')}`);
}

function freePort() {
  const server = createServer();
  return new Promise((found, failed) => {
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });
}
