import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { drawSyntheticXray } from 'xray-dataset';
import {
  type Behaviour,
  serveUnreliably,
  type UnreliableServer,
} from '../../packages/xray-core/src/node/__fixtures__/unreliable-server.js';
import { type ProgramEnd, ROOT, runInTerminal, runXray } from './run-program.js';

let folder: string;
let server: UnreliableServer | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xray-download-'));
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  await rm(folder, { recursive: true });
});

const hex = (algorithm: string, bytes: Uint8Array) => createHash(algorithm).update(bytes).digest('hex');

async function serve(body: Uint8Array, behaviours: readonly Behaviour[] = []): Promise<string> {
  server = await serveUnreliably({ body, etag: '"1"' }, (at) => behaviours[at] ?? {});
  return server.url.slice(0, server.url.lastIndexOf('/'));
}

/** A description of a dataset, for `--catalog`. */
async function describeDataset(entry: object): Promise<string> {
  const file = join(folder, 'catalog.json');
  const page = 'https://example.org';
  const rest = { title: 'Test', source: page, licence: { name: 'CC0', url: page }, citations: ['None.'] };
  await writeFile(file, JSON.stringify([{ ...rest, notes: 'Synthetic.', ...entry }]));
  return file;
}

/** An archive of synthetic images in the layout of the Kaggle copy, and its description. */
async function synthesise() {
  const files: Record<string, Uint8Array> = {};
  const counts = { train: { normal: 12, viral: 12 }, test: { normal: 6, viral: 6 } } as const;
  let patient = 0;
  for (const [side, classes] of Object.entries(counts)) {
    for (const [finding, count] of Object.entries(classes) as ['normal' | 'viral', number][]) {
      for (let index = 0; index < count; index++) {
        const number = ++patient;
        const size = { height: 48, width: 48, patientSeed: number };
        const { pixels, height, width } = drawSyntheticXray({ finding, seed: number, ...size });
        const raw = { raw: { height, width, channels: 1 as const } };
        const name =
          finding === 'normal'
            ? `NORMAL/IM-${1000 + number}-0001.jpeg`
            : `PNEUMONIA/person${number}_virus_1.jpeg`;
        files[`chest_xray/${side}/${name}`] = await sharp(pixels, raw).jpeg().toBuffer();
      }
    }
  }
  const zip = zipSync(files);
  const checksum = { algorithm: 'sha256', value: hex('sha256', zip) };
  const file = { name: 'made.zip', url: 'http://example.invalid/made.zip', size: zip.length, checksum };
  const entry = {
    ...{ name: 'made', format: 'zip', findings: ['normal', 'viral'], counts },
    file: { ...file, checkedBy: 'this test' },
  };
  return { zip, catalog: await describeDataset(entry) };
}

/** Runs the program and sends it a signal when so many bytes have arrived. */
function runUntil(signal: NodeJS.Signals, bytes: number, flags: readonly string[]): Promise<ProgramEnd> {
  const parts = () => readdirSync(join(folder, 'data')).filter((name) => name.endsWith('.part'));
  const hasArrived = () =>
    existsSync(join(folder, 'data')) &&
    parts().some((name) => {
      const content = join(folder, 'data', name, 'content');
      return existsSync(content) && statSync(content).size >= bytes;
    });
  let watch: NodeJS.Timeout | undefined;
  return runXray('download', flags, (_, kill) => {
    watch ??= setInterval(() => {
      if (!hasArrived()) return;
      clearInterval(watch);
      kill(signal);
    }, 20);
  }).finally(() => clearInterval(watch));
}

const TRAINING = ['--image-size', '32', '--epochs', '1', '--batch-size', '8', '--workers', '1'];

describe('download-dataset', () => {
  it('goes on after a broken connection, a kill and an interruption, and what it leaves can be trained on', async () => {
    const { zip, catalog } = await synthesise();
    const third = Math.floor(zip.length / 3);
    const mirror = await serve(zip, [{ cutAfter: 500 }, { stallAfter: third }, { stallAfter: 100 }]);
    const flags = ['made', '--folder', join(folder, 'data'), '--mirror', mirror, '--catalog', catalog];
    const killed = await runUntil('SIGKILL', 500 + third, flags);
    expect(killed.signal).toBe('SIGKILL');
    expect(killed.stderr).toMatch(/made\.zip: the connection failed .*; trying again in 1 s\./);
    const interrupted = await runUntil('SIGINT', 600 + third, flags);
    expect(interrupted).toMatchObject({ code: 130 });
    expect(interrupted.stderr).toContain('Interrupted. Go on with the same command.');

    const finished = await runXray('download', flags);
    expect(finished.code, finished.stderr).toBe(0);
    expect(server!.requests.map(({ range }) => range)).toEqual([
      undefined,
      'bytes=500-',
      `bytes=${500 + third}-`,
      `bytes=${600 + third}-`,
    ]);
    const path = join(folder, 'data', 'made');
    expect(finished.stdout).toBe(`${path}\n`);
    expect((await readdir(join(folder, 'data'))).sort()).toEqual(['made', 'made.source.json']);

    const again = await runXray('download', flags);
    expect(again).toMatchObject({ code: 0, stdout: `${path}\n` });
    expect(again.stderr).toContain('Already there, checked');
    expect(server!.requests).toHaveLength(4);

    const output = join(folder, 'run');
    const trained = await runXray('train --recipe cnn-2-classes', [
      '--data',
      path,
      '--output',
      output,
      ...TRAINING,
    ]);
    expect(trained.code, trained.stderr).toBe(0);
    expect(JSON.parse(readFileSync(join(output, 'evaluation.json'), 'utf8'))).toHaveProperty('auroc');
  });

  it('says what a server sent instead, and what there is', async () => {
    const { zip, catalog } = await synthesise();
    const mirror = await serve(zip.map((byte) => byte ^ 1));
    const flags = ['--folder', join(folder, 'data'), '--mirror', mirror, '--catalog', catalog];
    const wrong = await runXray('download', ['made', ...flags]);
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toMatch(
      /Error: http.*made\.zip: the content has the SHA-256 \w{64}, expected \w{64}\. The file changed at its source/,
    );
    expect(await readdir(join(folder, 'data'))).toEqual([]);

    const unknown = await runXray('download', ['other', ...flags]);
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toMatch(/`name` must be one of pneumonia-mnist-28 \(.* Received: "other"/);
    const listed = await runInTerminal('download', ['--catalog', catalog], () => {});
    expect(listed.code).toBe(0);
    expect(listed.stdout).toMatch(
      /kermany-2018: .*, 1236 MB\n {2}train: 1349 normal, 2538 bacterial, 1345 viral\n/,
    );
    expect(listed.stdout).toMatch(/made: Test, 0 MB\n {2}train: 12 normal, 12 viral\n/);
  });

  it('says what a description lacks', async () => {
    const catalog = await describeDataset({ name: '../made' });
    const { code, stderr } = await runXray('download', ['made', '--catalog', catalog]);
    expect(code).toBe(1);
    expect(stderr).toContain(
      'catalog.json: dataset 1 has no usable name, received "../made". Describe it like',
    );
  });
});

const NPZ = join(ROOT, '..', 'shared', 'data', 'pneumoniamnist_balanced_28.npz');
describe.skipIf(!existsSync(NPZ))(
  'download-dataset with PneumoniaMNIST (skipped without ../shared/data)',
  () => {
    it('downloads a file that cnn-2-classes trains on', async () => {
      const npz = readFileSync(NPZ);
      const mirror = await serve(npz, [{ cutAfter: 1_000_000 }]);
      const file = { name: 'balanced.npz', url: `${mirror}/x`, checkedBy: 'this test', size: npz.length };
      const catalog = await describeDataset({
        ...{ name: 'balanced', format: 'medmnist', findings: ['normal', 'pneumonia'], counts: {} },
        file: { ...file, checksum: { algorithm: 'md5', value: hex('md5', npz) } },
      });
      const flags = ['balanced', '--folder', folder, '--mirror', mirror, '--catalog', catalog];
      const { code, stdout, stderr } = await runXray('download', flags);
      expect(code, stderr).toBe(0);
      const path = stdout.trim();
      expect(readFileSync(path).equals(npz)).toBe(true);
      const output = join(folder, 'run');
      const limited = ['--data', path, '--output', output, '--limit', '60', ...TRAINING];
      const trained = await runXray('train --recipe cnn-2-classes', limited);
      expect(trained.code, trained.stderr).toBe(0);
    });
  },
);
