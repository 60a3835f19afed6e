import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { createSyntheticDataset } from 'xray-dataset';
import type { BenchContext, BenchRow } from './section.js';
import { timeDecoding } from './time-decoding.js';

/** About the size of the study's radiographs. */
const SIZE = { width: 1280, height: 960 };
const PATIENTS = 6;

/** Reading JPEG files of radiographs, synthetic ones made for it in a temporary folder. */
export async function benchDecoding({ rounds, signal }: BenchContext): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'xray-bench-'));
  try {
    await writeImages(folder);
    const rows = await timeDecoding(folder, rounds, { signal });
    return rows.map(({ on, imagesPerSecond, againstSharp, ...milliseconds }) => {
      const perSecond = (time: number) => (imagesPerSecond * milliseconds.median) / time;
      return {
        ...{ section: 'decoding', work: `JPEG of ${SIZE.width}x${SIZE.height} to 224x224`, on, milliseconds },
        imagesPerSecond: {
          fastest: perSecond(milliseconds.fastest),
          median: imagesPerSecond,
          slowest: perSecond(milliseconds.slowest),
        },
        againstFirst: againstSharp,
      };
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeImages(folder: string): Promise<void> {
  const { samples, decode } = createSyntheticDataset({ patientsPerFinding: PATIENTS, seed: 7, ...SIZE });
  for (const name of ['NORMAL', 'PNEUMONIA']) await mkdir(join(folder, name));
  for (const sample of samples) {
    const { pixels, width, height } = await decode(sample);
    const name = sample.finding === 'normal' ? 'NORMAL' : 'PNEUMONIA';
    const file = join(folder, name, `${sample.id.replaceAll(/\W/g, '-')}.jpeg`);
    await sharp(pixels, { raw: { width, height, channels: 1 } })
      .jpeg()
      .toFile(file);
  }
}
