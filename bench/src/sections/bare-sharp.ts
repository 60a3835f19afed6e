import sharp from 'sharp';
import type { ResizeRule, Sample } from 'xray-core';

type BareDecode = (sample: Sample) => Promise<Buffer>;

/**
 * The least that sharp has to do: files to raw pixels of their own colour space, shrunk while loading as far as twice the
 * target. What that takes to know is found out before.
 */
export async function bareDecoder(samples: readonly Sample[], target: ResizeRule): Promise<BareDecode> {
  const plans = new Map<string, { input: string; space: 'b-w' | 'srgb' }>();
  for (const { source } of samples) {
    const { format, width, height, space } = await sharp(source).metadata();
    const room = Math.min(width / (2 * target.width), height / (2 * target.height));
    const shrink = [8, 4, 2].find((factor) => factor <= room);
    const input = format === 'jpeg' && shrink ? `${source}[shrink=${shrink}]` : source; // an option for libvips
    plans.set(source, { input, space: space === 'b-w' ? 'b-w' : 'srgb' });
  }
  return ({ source }) => {
    const { input, space } = plans.get(source)!;
    return sharp(input, { ignoreIcc: true }).toColourspace(space).raw().toBuffer();
  };
}

/** Sharp's own way to gray pixels of a size. Its filter is not that of training and prediction. */
export function resizingDecoder({ width, height }: ResizeRule): BareDecode {
  return ({ source }) =>
    sharp(source, { ignoreIcc: true })
      .resize(width, height, { fit: 'fill', kernel: 'linear' })
      .toColourspace('b-w')
      .raw()
      .toBuffer();
}
