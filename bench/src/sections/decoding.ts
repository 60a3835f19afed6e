import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import sharp from 'sharp';
import { DECODE_CONCURRENCY } from 'xray-cli/program';
import type { ResizeRule, Sample } from 'xray-core';
import { createPixelStore, createSyntheticDataset } from 'xray-dataset';
import { fileDecoder, indexFolder } from 'xray-dataset/node';
import { bareDecoder, resizingDecoder } from './bare-sharp.js';
import { type DecodingPeers, startDecodingPeers } from './peers.js';
import { type BenchContext, type BenchRow, type Entry, timeEntries } from './section.js';

/** About the size of the study's radiographs, and that of ready-made copies of them. */
const LARGE = { width: 1280, height: 960, patients: 6 };
const SMALL = { width: 224, height: 224, patients: 60 };

/** Reading radiographs from JPEG files: those of `--data`, or synthetic ones made for it in a temporary folder. */
export async function benchDecoding(context: BenchContext): Promise<BenchRow[]> {
  const { imageSize, python, data } = context;
  const peers = python ? await startDecodingPeers(python, availableParallelism()) : undefined;
  const rule = { height: imageSize, width: imageSize };
  const made = await mkdtemp(join(tmpdir(), 'xray-bench-'));
  try {
    const folders = data ?? [await drawImages(made, LARGE), await drawImages(made, SMALL)];
    const rows: BenchRow[] = [];
    for (const folder of folders) rows.push(...(await timeFolder(resolve(folder), rule, peers, context)));
    return rows;
  } finally {
    peers?.close();
    await rm(made, { recursive: true, force: true });
  }
}

/** The first row is what sharp needs to decode; everybody has all cores. */
async function timeFolder(
  folder: string,
  rule: ResizeRule,
  peers: DecodingPeers | undefined,
  context: BenchContext,
): Promise<BenchRow[]> {
  const { samples } = await indexFolder(folder);
  const images = samples.length;
  const work = `${images} files of ${basename(folder)} to ${rule.width}x${rule.height}`;
  const bare = await bareDecoder(samples, rule);
  const resizing = resizingDecoder(rule);
  const entries: Entry[] = [
    { work, images, on: 'sharp, decoding alone', run: () => forEach(samples, bare) },
    { work, images, on: 'sharp, resized by sharp', run: () => forEach(samples, resizing) },
    { work, images, on: 'createPixelStore', run: () => makeStore(samples, rule) },
    ...Object.entries(peers?.titles ?? {}).map(([peer, on]) => ({
      ...{ work, images, on },
      run: () => peers!.run(peer, { folder, size: rule.width }),
    })),
  ];
  const rows = await timeEntries('decoding', entries, context);
  return rows.map(({ batch, ...row }) => row);
}

async function makeStore(samples: readonly Sample[], rule: ResizeRule): Promise<void> {
  await createPixelStore(samples, {
    ...{ decode: fileDecoder({ rule }), rule, concurrency: DECODE_CONCURRENCY, channels: 1 },
  });
}

async function forEach(
  samples: readonly Sample[],
  decode: (sample: Sample) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const decodeNext = async () => {
    while (next < samples.length) await decode(samples[next++]!);
  };
  await Promise.all(Array.from({ length: DECODE_CONCURRENCY }, decodeNext));
}

async function drawImages(parent: string, { width, height, patients }: typeof LARGE): Promise<string> {
  const folder = join(parent, `${width}x${height}`);
  const { samples, decode } = createSyntheticDataset({
    ...{ patientsPerFinding: patients, seed: 7, width, height },
  });
  for (const name of ['NORMAL', 'PNEUMONIA']) await mkdir(join(folder, name), { recursive: true });
  for (const sample of samples) {
    const { pixels } = await decode(sample);
    const name = sample.finding === 'normal' ? 'NORMAL' : 'PNEUMONIA';
    const file = join(folder, name, `${sample.id.replaceAll(/\W/g, '-')}.jpeg`);
    await sharp(pixels, { raw: { width, height, channels: 1 } })
      .toColourspace('b-w')
      .jpeg()
      .toFile(file);
  }
  return folder;
}
