import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import type { Sample } from 'xray-core';
import { createSyntheticDataset } from 'xray-dataset';

const four = (number: number) => String(number).padStart(4, '0');

/** Names as the Kaggle copy has them, of every pattern: `count` patients of each class on the train side, a third of it on the test side. */
export function kaggleNames(count: number): string[] {
  const side = (name: string, patients: number, first: number) =>
    Array.from({ length: patients }, (_, index) => {
      const number = first + index;
      const normal = index % 3 === 0 ? 'IM' : 'NORMAL2-IM';
      const end = index % 10 === 0 ? 'JPEG' : 'jpeg';
      return [
        `${name}/NORMAL/${normal}-${four(number)}-0001${index % 7 === 0 ? '-0001' : ''}.${end}`,
        ...(index % 7 === 0 ? [`${name}/NORMAL/${normal}-${four(number)}-0001-0002.jpeg`] : []),
        `${name}/PNEUMONIA/person${number}_bacteria_${2 * number}.jpeg`,
        ...(index % 2 === 0 ? [`${name}/PNEUMONIA/person${number}_bacteria_${2 * number + 1}.jpeg`] : []),
        `${name}/PNEUMONIA/person${number}_virus_${number + 900}${index % 8 === 0 ? '_1' : ''}.jpeg`,
      ];
    }).flat();
  // The same numbers under both prefixes on two sides, as in the original: they are other children.
  const repeated = [
    `train/NORMAL/IM-${four(1001)}-0001.jpeg`,
    `test/NORMAL/NORMAL2-IM-${four(118)}-0001.jpeg`,
  ];
  const official = ['val/NORMAL/NORMAL2-IM-1427-0001.jpeg', 'val/PNEUMONIA/person1946_bacteria_4874.jpeg'];
  return [
    ...side('train', count, 115),
    ...side('test', Math.ceil(count / 3), 1000),
    ...repeated,
    ...official,
  ];
}

/**
 * Writes a folder as the archive of Kaggle unpacks: `chest_xray` with everything, once more in `chest_xray/chest_xray`, and the
 * system files of the machine that packed it. Tiny images of a few synthetic patients lie behind the names.
 *
 * @param names - Below `chest_xray`.
 */
export async function writeKaggleArchive(folder: string, names: readonly string[]): Promise<void> {
  const images = await drawImages();
  const macFile = Buffer.from([0, 5, 0x16, 7, 0, 2, 0, 0]); // AppleDouble
  const files = new Map<string, Buffer>();
  names.forEach((name, index) => {
    const kind = /virus/.test(name) ? 'viral' : /bacteria/.test(name) ? 'bacterial' : 'normal';
    const image = images[kind][index % images[kind].length]!;
    files.set(`chest_xray/${name}`, image);
    files.set(`chest_xray/chest_xray/${name}`, image);
    if (index % 20 === 0)
      files.set(`chest_xray/__MACOSX/chest_xray/${name.replace(/([^/]+)$/, '._$1')}`, macFile);
  });
  for (const place of ['', 'chest_xray/', 'chest_xray/train/', 'chest_xray/chest_xray/test/NORMAL/'])
    files.set(`${place}.DS_Store`, macFile);
  files.set('chest_xray/train/NORMAL/Thumbs.db', macFile);
  for (const parent of new Set([...files.keys()].map((file) => dirname(file))))
    await mkdir(join(folder, parent), { recursive: true });
  for (const [file, bytes] of files) await writeFile(join(folder, file), bytes);
}

async function drawImages(): Promise<Record<'normal' | 'bacterial' | 'viral', Buffer[]>> {
  const { samples, decode } = createSyntheticDataset({
    ...{ patientsPerFinding: 12, imagesPerPatient: 1, severity: 2, seed: 5, height: 40, width: 44 },
  });
  const encode = async (sample: Sample) => {
    const { pixels, height, width } = await decode(sample);
    return sharp(pixels, { raw: { height, width, channels: 1 } })
      .jpeg()
      .toBuffer();
  };
  const of = (finding: string) =>
    Promise.all(samples.filter((sample) => sample.finding === finding).map(encode));
  return { normal: await of('normal'), bacterial: await of('bacterial'), viral: await of('viral') };
}
