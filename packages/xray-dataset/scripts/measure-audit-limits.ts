/**
 * Measures what the limits of `auditDataset` find in a folder of real chest X-rays, and in copies of them that were changed
 * in known ways. Prints tables in Markdown, for docs/auditing.md.
 *
 *   node --import tsx --conditions=@xray/source packages/xray-dataset/scripts/measure-audit-limits.ts <folder> [images to change]
 */
import sharp, { type Sharp } from 'sharp';
import { createRandom, type DecodedImage, sha256 } from 'xray-core';
import { correlate } from '../src/audit/correlate.js';
import { DEFAULT_AUDIT_LIMITS as limits } from '../src/audit/inspect-image.js';
import { lungContrast } from '../src/audit/lung-contrast.js';
import { visitNearPairs } from '../src/audit/near-pairs.js';
import { countBits, hashThumbnail, thumbnailOf } from '../src/audit/perceptual-hash.js';
import { decodeImageFile } from '../src/node/decode-image-file.js';
import { indexFolder } from '../src/node/index-folder.js';
import { readImageFile } from '../src/node/read-image-file.js';

const WIDEST = 12;

interface Measured {
  readonly bytes: Buffer;
  readonly patientId: string;
  readonly thumbnail: Uint8Array;
  readonly hash: readonly [number, number];
}

const CHANGES: Readonly<Record<string, (image: Sharp, width: number, height: number) => Sharp>> = {
  'JPEG quality 75': (image) => image.jpeg({ quality: 75 }),
  'JPEG quality 30': (image) => image.jpeg({ quality: 30 }),
  'JPEG quality 10': (image) => image.jpeg({ quality: 10 }),
  'half the size': (image, width, height) => image.resize(width >> 1, height >> 1),
  'a third of the size, JPEG quality 50': (image, width, height) =>
    image.resize(Math.round(width / 3), Math.round(height / 3)).jpeg({ quality: 50 }),
  'twice the size': (image, width, height) => image.resize(2 * width, 2 * height),
  'contrast × 1.3': (image) => image.linear(1.3, -0.3 * 128),
  '1 % cut off at every side': (image, width, height) => cut(image, width, height, 0.01),
  '2 % cut off at every side': (image, width, height) => cut(image, width, height, 0.02),
  '4 % cut off at every side': (image, width, height) => cut(image, width, height, 0.04),
  mirrored: (image) => image.flop(),
};

function cut(image: Sharp, width: number, height: number, share: number): Sharp {
  const [left, top] = [Math.round(width * share), Math.round(height * share)];
  return image.extract({ left, top, width: width - 2 * left, height: height - 2 * top });
}

const describe = (image: DecodedImage) => {
  const thumbnail = thumbnailOf(image);
  return { thumbnail, hash: hashThumbnail(thumbnail) };
};
const distance = (one: readonly [number, number], other: readonly [number, number]) =>
  countBits(one[0] ^ other[0]) + countBits(one[1] ^ other[1]);
const quantile = (sorted: readonly number[], share: number) =>
  sorted[Math.floor(share * (sorted.length - 1))]!;
const row = (...cells: readonly (string | number)[]) => console.log(`| ${cells.join(' | ')} |`);

const [folder = '../shared/data/chest_xray_224', count = '300'] = process.argv.slice(2);
const { samples } = await indexFolder(folder);
const images: Measured[] = [];
const seen = new Set<string>();
for (const { source, patientId } of samples) {
  const bytes = await readImageFile(source);
  const hash = await sha256(bytes);
  if (seen.has(hash)) continue; // exact copies are no independent images
  seen.add(hash);
  images.push({ bytes, patientId, ...describe(await decodeImageFile(source)) });
}
console.log(`${images.length} different files of ${samples.length}\n`);

row('Hamming distance', 'pairs of one patient', 'pairs of two patients', 'largest correlation');
row('---', '---', '---', '---');
const pairs = Array.from({ length: WIDEST + 1 }, () => ({ same: 0, other: 0, correlation: -1 }));
await visitNearPairs(
  new Uint32Array(images.flatMap(({ hash }) => hash)),
  { maximumDistance: WIDEST },
  (first, second, bits) => {
    const [one, other] = [images[first]!, images[second]!];
    const entry = pairs[bits]!;
    if (one.patientId === other.patientId) entry.same++;
    else entry.other++;
    entry.correlation = Math.max(entry.correlation, correlate(one.thumbnail, other.thumbnail));
  },
);
pairs.forEach(({ same, other, correlation }, bits) => {
  if (same + other > 0) row(bits, same, other, correlation.toFixed(4));
});

console.log('');
row('change', 'median distance', 'largest distance', 'smallest correlation', 'found');
row('---', '---', '---', '---', '---');
const some = createRandom(7).shuffle(images).slice(0, Number(count));
for (const [name, change] of Object.entries(CHANGES)) {
  const distances: number[] = [];
  const correlations: number[] = [];
  let found = 0;
  for (const { bytes, thumbnail, hash } of some) {
    const gray = sharp(bytes, { ignoreIcc: true }).toColourspace('b-w');
    const { width, height } = await sharp(bytes).metadata();
    const copy = await change(gray, width, height).toBuffer();
    const { data, info } = await sharp(copy).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
    const changed = describe({ pixels: data, height: info.height, width: info.width, channels: 1 });
    const bits = distance(hash, changed.hash);
    const correlation = correlate(thumbnail, changed.thumbnail);
    distances.push(bits);
    correlations.push(correlation);
    if (bits <= limits.nearDistance && correlation >= limits.nearCorrelation) found++;
  }
  distances.sort((one, other) => one - other);
  row(
    name,
    quantile(distances, 0.5),
    quantile(distances, 1),
    Math.min(...correlations).toFixed(4),
    `${((100 * found) / some.length).toFixed(1)} %`,
  );
}

const contrasts = images.map(({ thumbnail }) => lungContrast(thumbnail)).sort((one, other) => one - other);
const inverted = images.filter(
  ({ thumbnail }) => lungContrast(thumbnail.map((level) => 255 - level)) < limits.inverted,
);
console.log(
  `\nContrast of mediastinum and lung fields: smallest ${quantile(contrasts, 0).toFixed(1)}, 1 % below ` +
    `${quantile(contrasts, 0.01).toFixed(1)}, median ${quantile(contrasts, 0.5).toFixed(1)}; of the same images inverted, ` +
    `${inverted.length} of ${images.length} are found.`,
);
