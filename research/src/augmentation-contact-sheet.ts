/**
 * Draws every augmentation at a few draws, with its name and options, on one picture: of a synthetic chest X-ray, or
 * of your own image. The same seed gives the same picture (but for the fonts of the machine).
 *
 *   npx -y pnpm@12.21.0 docs:augmentations --output augmentations.png
 *
 * Research only, not a medical device.
 */
import sharp from 'sharp';
import { integer, newCommand, runTask } from 'xray-cli/program';
import { type DecodedImage, prepareImage } from 'xray-core';
import { writeFileAtomic } from 'xray-core/node';
import { drawSyntheticXray } from 'xray-dataset';
import { decodeImageFile } from 'xray-dataset/node';
import { layOut, type SheetRow } from './contact-sheet.js';
import { SHOWN } from './shown-augmentations.js';

/** Pixels: what networks see, so that blur and noise look as strong as they are. */
const SIZE = 224;
const DRAWS = 5;

const flags = newCommand('augmentation-contact-sheet', 'Draws every augmentation at a few draws.')
  .option('--image <file>', 'chest X-ray to draw (default: a synthetic one)')
  .option('--output <file>', 'picture to write', 'augmentations.png')
  .option('--seed <number>', 'of the draws', integer, 7)
  .parse()
  .opts<{ image?: string; output: string; seed: number }>();

await runTask({}, 'Nothing was written.', async ({ say }) => {
  const rule = { height: SIZE, width: SIZE };
  const synthetic = (finding: 'normal' | 'bacterial', seed: number) =>
    drawSyntheticXray({ finding, seed, severity: 2, ...rule });
  const given = flags.image ? await decodeImageFile(flags.image, { rule }) : synthetic('normal', 3);
  const image = grayPixels(given);
  const partner = grayPixels(synthetic('bacterial', 11));
  const rows = SHOWN.map(({ name, options, draw }): SheetRow => {
    const tiles = Array.from({ length: DRAWS }, (_, epoch) =>
      draw(image, partner, SIZE, { seed: flags.seed, epoch }),
    );
    return { name, options, tiles };
  });
  const what = flags.image ? 'the image' : 'a synthetic chest X-ray';
  const sheet = await layOut({
    ...{ rows, size: SIZE, original: image, title: 'Augmentations of xray-augment' },
    note: `Left: ${what}. Below: ${DRAWS} draws of each, at ${SIZE} x ${SIZE} pixels.`,
  });
  const png = await sharp(sheet).png({ palette: true, effort: 10, compressionLevel: 9 }).toBuffer();
  await writeFileAtomic(flags.output, png);
  say(
    `${rows.length} augmentations, ${DRAWS} draws each: ${flags.output} (${Math.round(png.length / 1024)} KB)`,
  );
});

function grayPixels(decoded: DecodedImage): Uint8Array {
  return prepareImage(decoded, { channels: 1, resize: { height: SIZE, width: SIZE } }).pixels;
}
