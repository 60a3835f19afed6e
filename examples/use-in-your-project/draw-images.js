// Fills a folder with synthetic chest X-rays, for a first try without data: node draw-images.js images
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createSyntheticDataset } from 'xray-dataset';
import { encodePng } from 'xray-dataset/node';

const { samples, decode } = createSyntheticDataset({
  patientsPerFinding: { normal: 80, bacterial: 40, viral: 40 },
  imagesPerPatient: 1,
  severity: 5,
  seed: 7,
  height: 64,
  width: 64,
});
for (const sample of samples) {
  const folder = sample.finding === 'normal' ? 'NORMAL' : 'PNEUMONIA';
  const file = join(process.argv[2] ?? 'images', folder, `${sample.id.replaceAll('/', '-')}.png`);
  await mkdir(dirname(file), { recursive: true });
  const [, base64 = ''] = (await encodePng(await decode(sample))).split(',');
  await writeFile(file, Buffer.from(base64, 'base64'));
}
console.log(`${samples.length} images`);
