import { availableParallelism } from 'node:os';
import sharp from 'sharp';
import type { ResizeRule, Sample } from 'xray-core';
import { createPixelStore } from 'xray-dataset';
import { fileDecoder, indexFolder } from 'xray-dataset/node';
import { type Spread, timeInTurns } from './time-in-turns.js';

/** How fast images become pixels of one size. */
export interface DecodingRow extends Spread {
  readonly on: string;
  readonly imagesPerSecond: number;
  /** Images per second as a share of those of bare sharp. */
  readonly againstSharp: number;
}

/**
 * Times decoding a folder of images to gray pixels: bare sharp, which decodes and resizes in native threads, and
 * `createPixelStore`, whose resize is the one that training and prediction share. Both have twice as many images in
 * work as there are cores.
 *
 * @param rule - @default 224 x 224, antialiased
 */
export async function timeDecoding(
  folder: string,
  rounds: number,
  { rule = { height: 224, width: 224 }, signal }: { rule?: ResizeRule; signal?: AbortSignal } = {},
): Promise<DecodingRow[]> {
  const { samples } = await indexFolder(folder);
  const concurrency = 2 * availableParallelism();
  const contestants = [
    { on: 'sharp', run: () => decodeWithSharp(samples, rule, concurrency) },
    {
      on: 'createPixelStore',
      run: async () => {
        const decode = fileDecoder({ rule });
        await createPixelStore(samples, { decode, rule, concurrency, channels: 1 });
      },
    },
  ];
  const spreads = await timeInTurns(contestants, rounds, signal);
  const perSecond = spreads.map(({ median }) => (samples.length * 1000) / median);
  return contestants.map(({ on }, index) => ({
    ...spreads[index]!,
    on,
    imagesPerSecond: perSecond[index]!,
    againstSharp: perSecond[index]! / perSecond[0]!,
  }));
}

async function decodeWithSharp(
  samples: readonly Sample[],
  { height, width }: ResizeRule,
  concurrency: number,
): Promise<void> {
  let next = 0;
  const decodeNext = async () => {
    while (next < samples.length) {
      const { source } = samples[next++]!;
      const image = sharp(source).resize(width, height, { fit: 'fill', kernel: 'linear' });
      await image.toColourspace('b-w').raw().toBuffer();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, decodeNext));
}
