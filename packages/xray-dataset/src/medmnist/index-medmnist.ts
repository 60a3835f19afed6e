import type { DecodedImage, Sample, Split } from 'xray-core';
import { FileError, InvalidArgumentError, readZip } from 'xray-core';
import type { Decode } from '../pixels/decode-pixels.js';
import { SIDES } from '../split/sides.js';
import { type ByteArray, readNpy } from './read-npy.js';

/** Options of `indexMedmnist`. */
export interface MedmnistOptions {
  /** Finding of each label. @default ['normal', 'pneumonia'], as in PneumoniaMNIST */
  findings?: readonly string[] | undefined;
  /** What errors call the file. @default 'medmnist.npz' */
  name?: string | undefined;
}

/** A MedMNIST file in memory. */
export interface MedmnistDataset {
  /** All sides, each sample with its official `split`. */
  readonly samples: readonly Sample[];
  /** For `createPixelStore`. */
  readonly decode: Decode;
}

const PREFIXES: Readonly<Record<Split, string>> = { train: 'train', validation: 'val', test: 'test' };

/**
 * Reads a MedMNIST `.npz` file, such as PneumoniaMNIST of 28 to 224 pixels: `train`, `val` and `test` images, uint8
 * `[n, height, width]` (gray) or `[n, height, width, 3]` (RGB), and labels `[n, 1]`. All images stay in memory.
 *
 * The files do not tell patients apart: every image counts as a patient of its own, so use the official sides
 * (`splitByOwnSides`); those drawn by `splitByPatient` may share patients.
 *
 * @throws {FileError} If the file is no MedMNIST file, truncated or corrupt, or a label has no finding.
 *
 * @see Yang et al., MedMNIST v2, Scientific Data, 2023, doi:10.1038/s41597-022-01721-8
 *
 * @example
 * const { samples, decode } = indexMedmnist(await readFile('pneumoniamnist.npz'));
 * const splits = splitByOwnSides(samples);
 * const store = await createPixelStore(samples, { decode, rule: { height: 28, width: 28 } });
 */
export function indexMedmnist(bytes: Uint8Array, options: MedmnistOptions = {}): MedmnistDataset {
  const { findings = ['normal', 'pneumonia'], name = 'medmnist.npz' } = options;
  const files = readZip(bytes, name);
  const images = new Map<string, DecodedImage>();
  const samples = SIDES.flatMap((side) => {
    const pixels = readArray(files, `${PREFIXES[side]}_images`, name);
    const labels = readArray(files, `${PREFIXES[side]}_labels`, name);
    checkShapes(pixels, labels, name, side);
    return Array.from(labels.values, (label, index): Sample => {
      const finding = findings[label];
      if (finding === undefined) throw labelError(name, label, findings);
      const id = `${side}/${index}`;
      images.set(id, imageAt(pixels, index));
      return { id, source: `${name}/${id}`, finding, patientId: id, isPatientUnknown: true, split: side };
    });
  });
  const decode = async ({ id }: Sample): Promise<DecodedImage> => {
    const image = images.get(id);
    if (image) return image;
    throw new InvalidArgumentError({ argument: 'sample', expected: `a sample of ${name}`, received: id });
  };
  return { samples, decode };
}

function readArray(files: ReadonlyMap<string, Uint8Array>, array: string, name: string): ByteArray {
  const bytes = files.get(`${array}.npy`);
  if (bytes) return readNpy(bytes, `${name}, ${array}`);
  throw new FileError({
    file: name,
    problem: `has no ${array}, expected images and labels of train, val and test, as MedMNIST has them`,
  });
}

function checkShapes(images: ByteArray, labels: ByteArray, name: string, side: Split): void {
  const [count, height, width, channels = 1, ...more] = images.shape;
  const areImages = height! > 0 && width! > 0 && [1, 3].includes(channels) && more.length === 0;
  const [labelCount, perImage = 1, ...others] = labels.shape;
  const areLabels = labelCount === count && perImage === 1 && others.length === 0;
  if (areImages && areLabels) return;
  throw new FileError({
    file: name,
    problem:
      `has ${side} images of shape [${images.shape}] and labels of shape [${labels.shape}], ` +
      'expected [n, height, width] or [n, height, width, 3], and [n, 1]',
  });
}

function imageAt({ shape, values }: ByteArray, index: number): DecodedImage {
  const [, height, width, channels = 1] = shape as [number, number, number, (1 | 3)?];
  const size = height * width * channels;
  return { pixels: values.subarray(index * size, (index + 1) * size), height, width, channels };
}

function labelError(name: string, label: number, findings: readonly string[]): FileError {
  return new FileError({
    file: name,
    problem: `has label ${label}, but findings for 0 to ${findings.length - 1} only (${findings.join(', ')})`,
    fix: 'Pass `findings`, one for each label.',
  });
}
