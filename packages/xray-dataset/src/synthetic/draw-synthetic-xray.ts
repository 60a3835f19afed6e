import type { DecodedImage, Random } from 'xray-core';
import { checkWholeNumber, createRandom, InvalidArgumentError } from 'xray-core';
import { drawAnatomy } from './anatomy.js';
import { fillChestPoint } from './chest.js';
import { createLungDisease, type SyntheticFinding } from './lung-disease.js';
import { drawVessels, paintVessels } from './vessels.js';

/** Options of `drawSyntheticXray`. */
export interface SyntheticXrayOptions {
  finding: SyntheticFinding;
  /** Names the image: pose, exposure, noise, how strong the disease shows. */
  seed: number;
  /** Names the patient: build, vessels, place of the disease. @default seed */
  patientSeed?: number | undefined;
  /** Density of the disease, as a factor; above 0. Larger is easier to see and to learn. @default 1 */
  severity?: number | undefined;
  /** Pixels, at least 32. */
  height: number;
  /** Pixels, at least 32. */
  width: number;
}

/** Smallest side at which ribs and lungs are still told apart. */
const MINIMUM_SIDE = 32;

/**
 * Draws a phantom that looks like a frontal chest X-ray of a child, for tests, demos and teaching. It is made
 * of formulas and random numbers alone; no patient's image went into it, and nothing medical follows from it.
 *
 * Findings differ in the texture and shape of lung opacities (see `createLungDisease`); pose, exposure,
 * contrast, noise and collimation vary more between images than the mean brightness of the findings.
 *
 * @returns uint8 gray image; same options, same pixels.
 * @throws {InvalidArgumentError} If a side is under 32 pixels, a seed is not a safe integer or `severity` not above 0.
 *
 * @example
 * const image = drawSyntheticXray({ finding: 'viral', seed: 7, height: 224, width: 224 });
 */
export function drawSyntheticXray(
  options: SyntheticXrayOptions,
): DecodedImage & { readonly pixels: Uint8Array } {
  const { finding, seed, patientSeed = seed, severity = 1, height, width } = options;
  checkDrawing({ height, width, severity });
  const patient = createRandom(patientSeed).stream('patient');
  const image = createRandom(seed).stream('image', patientSeed);
  const anatomy = drawAnatomy(patient.stream('anatomy'));
  const disease = createLungDisease(finding, severity, patient.stream('disease'), image.stream('disease'));
  const pose = drawPose(image.stream('pose'), height, width);
  const exposure = drawExposure(image.stream('exposure'));
  const frame = drawFrame(image.stream('frame'), height, width);
  const vessels = paintVessels(
    drawVessels(patient.stream('vessels')),
    options,
    pose.toImage,
    pose.pixelsPerUnit,
  );
  const noise = image.stream('noise');

  const pixels = new Uint8Array(height * width);
  const point = { density: 0, lung: 0 };
  const change = { density: 0, vessels: 1 };
  for (let row = frame.top; row < frame.bottom; row++) {
    for (let column = frame.left; column < frame.right; column++) {
      const x = pose.xOf(column, row);
      const y = pose.yOf(column, row);
      fillChestPoint(anatomy, x, y, point);
      let density = point.density;
      if (point.lung > 0) {
        disease(x, y, change);
        density += point.lung * (change.density + 0.1 * change.vessels * vessels[row * width + column]!);
      }
      pixels[row * width + column] = exposure(density, x, y, noise);
    }
  }
  return { pixels, height, width, channels: 1 };
}

/** How the patient stands before the detector. */
function drawPose(random: Random, height: number, width: number) {
  const angle = random.normal(0, 0.05);
  const scale = random.uniform(0.92, 1.12);
  const stretch = random.uniform(0.94, 1.07);
  const shiftX = random.normal(0, 0.035);
  const shiftY = random.normal(0, 0.035);
  const cosine = Math.cos(angle);
  const sine = Math.sin(angle);
  const scaleX = (scale * stretch * width) / 2;
  const scaleY = (scale * height) / 2;
  const centreX = (width - 1) / 2 + (shiftX * width) / 2;
  const centreY = (height - 1) / 2 + (shiftY * height) / 2;
  return {
    xOf: (column: number, row: number) =>
      (cosine * (column - centreX)) / scaleX + (sine * (row - centreY)) / scaleY,
    yOf: (column: number, row: number) =>
      (cosine * (row - centreY)) / scaleY - (sine * (column - centreX)) / scaleX,
    toImage: (x: number, y: number) =>
      [centreX + scaleX * (cosine * x - sine * y), centreY + scaleY * (cosine * y + sine * x)] as const,
    pixelsPerUnit: Math.sqrt(scaleX * scaleY),
  };
}

/** From density to pixel values: the film's curve, uneven lighting, quantum noise. */
function drawExposure(random: Random) {
  const contrast = random.uniform(1.15, 1.5);
  const brightness = random.normal(-0.03, 0.06);
  const gamma = Math.exp(random.normal(0, 0.2));
  const gradientX = random.normal(0, 0.02);
  const gradientY = random.normal(0, 0.03);
  const grain = random.uniform(1.5, 5);
  const curve = new Float32Array(1025);
  for (let index = 0; index < curve.length; index++) {
    const level = (index / 1024) ** gamma;
    curve[index] = 255 * (0.55 * level + 0.45 * level * level * (3 - 2 * level));
  }
  return (density: number, x: number, y: number, noise: Random): number => {
    if (density <= 0.005) return Math.abs(grainOf(noise)) * grain * 0.4;
    const level = contrast * density + brightness + gradientX * x + gradientY * y;
    const value = curve[level <= 0 ? 0 : level >= 1 ? 1024 : Math.round(level * 1024)]!;
    const noisy = value + grain * grainOf(noise);
    return noisy <= 0 ? 0 : noisy >= 255 ? 255 : Math.round(noisy);
  };
}

/** About normal with mean 0 and variance 1, from the sum of four bytes: cheaper than Box–Muller. */
function grainOf(noise: Random): number {
  const bits = noise.nextUint32();
  const sum = (bits & 255) + ((bits >>> 8) & 255) + ((bits >>> 16) & 255) + (bits >>> 24);
  return (sum - 510) / 147.8;
}

/** Part of the image that the beam reaches; the rest is black. */
function drawFrame(random: Random, height: number, width: number) {
  const margin = (size: number) =>
    random.uniform() < 0.3 ? Math.round(random.uniform(0.01, 0.06) * size) : 0;
  return {
    left: margin(width),
    right: width - margin(width),
    top: margin(height),
    bottom: height - margin(height),
  };
}

/** @internal What does not depend on the finding and the patient. */
export function checkDrawing({
  height,
  width,
  severity,
}: {
  readonly height: number;
  readonly width: number;
  readonly severity: number;
}): void {
  checkWholeNumber('height', height, MINIMUM_SIDE);
  checkWholeNumber('width', width, MINIMUM_SIDE);
  if (severity > 0 && Number.isFinite(severity)) return;
  throw new InvalidArgumentError({
    argument: 'severity',
    expected: 'a finite factor above 0',
    received: severity,
  });
}
