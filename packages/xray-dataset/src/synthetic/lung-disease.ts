import type { Random } from 'xray-core';
import { createNoise, length, rise } from './noise.js';

/** What a synthetic chest X-ray shows. */
export type SyntheticFinding = 'normal' | 'bacterial' | 'viral';

/** Changes of the lungs at one point. */
export interface LungChange {
  /** Added density, to be weighted with the lung mask. */
  density: number;
  /** Factor of the vessels' visibility; negative where air-filled bronchi stand out dark in solid lung. */
  vessels: number;
}

/** Fills in the changes at a point of the chest. */
export type LungDisease = (x: number, y: number, change: LungChange) => void;

/**
 * Creates the disease of one image. Where it sits is the patient's, how strong it is the image's, times `severity`
 * (the faint mesh of normal lungs stays as it is).
 *
 * - `normal`: a faint mesh, as small vessels make it.
 * - `bacterial`: one fluffy opacity in one lung, sometimes cut off along a fissure, sometimes with air-filled
 *   bronchi in it.
 * - `viral`: a fine mesh with small nodules and a light haze on both sides, strongest around the hila.
 */
export function createLungDisease(
  finding: SyntheticFinding,
  severity: number,
  patient: Random,
  image: Random,
): LungDisease {
  const mesh = createMesh(patient.stream('mesh'));
  const focal = createFocalOpacity(severity, patient.stream('focal'), image.stream('focal'));
  const strength = image.stream('strength');
  const meshStrength =
    finding === 'viral' ? severity * strength.uniform(0.06, 0.17) : strength.uniform(0, 0.045);
  const haze = finding === 'viral' ? severity * strength.uniform(0, 0.06) : strength.uniform(0, 0.012);
  const cuffing = finding === 'viral' ? strength.uniform(1.1, 1.7) : strength.uniform(0.8, 1.3);
  return (x, y, change) => {
    const nearHilum = 1 - rise(length((Math.abs(x) - 0.3) / 0.5, (y + 0.02) / 0.62) - 0.7, 0.5);
    const spread = 0.25 + 0.75 * nearHilum;
    change.density = spread * (haze + meshStrength * mesh(x, y));
    change.vessels = cuffing;
    if (finding === 'bacterial') focal(x, y, change);
  };
}

/** Thin bright lines between cells, and nodules where they meet; about 0 on average. */
function createMesh(random: Random): (x: number, y: number) => number {
  const coarse = createNoise(random.stream('coarse'));
  const fine = createNoise(random.stream('fine'));
  const patches = createNoise(random.stream('patches'));
  // Both lattices are turned against the image and each other, so that neither shows.
  return (x, y) => {
    const ridge = 1 - Math.abs(2 * coarse(10.4 * x + 7.8 * y + 20, 10.4 * y - 7.8 * x + 20) - 1);
    const fineRidge = 1 - Math.abs(2 * fine(20.7 * x - 10 * y + 30, 20.7 * y + 10 * x + 30) - 1);
    const lines = ridge * ridge * ridge * 0.9 + fineRidge * fineRidge * fineRidge * 0.7;
    return (lines - 0.42) * (0.35 + 1.1 * patches(x * 3 + 10, y * 3 + 10));
  };
}

function createFocalOpacity(severity: number, patient: Random, image: Random): LungDisease {
  const side = patient.uniform() < 0.55 ? -1 : 1; // the right lung is larger and more often ill
  const centreX = side * patient.uniform(0.28, 0.5);
  const centreY = patient.uniform(-0.48, 0.3);
  const radiusX = patient.uniform(0.15, 0.3);
  const radiusY = patient.uniform(0.14, 0.28);
  const hasFissure = patient.uniform() < 0.35;
  const fissureSide = patient.uniform() < 0.5 ? -1 : 1;
  const fissureSlope = patient.uniform(-0.25, 0.25);
  const hasBronchi = patient.uniform() < 0.5;
  const fluff = createNoise(patient.stream('fluff'));
  const texture = createNoise(patient.stream('texture'));
  const growth = image.uniform(0.85, 1.15);
  const faint = image.uniform() < 0.15;
  const strength = severity * (faint ? image.uniform(0.07, 0.13) : image.uniform(0.15, 0.33));
  return (x, y, change) => {
    const dx = (x - centreX) / (radiusX * growth);
    const dy = (y - centreY) / (radiusY * growth);
    const distance = length(dx, dy);
    if (distance > 1.8) return;
    const edge = 0.75 * (fluff(x * 5 + 9, y * 5 + 9) - 0.5) + 0.45 * (fluff(x * 12 + 31, y * 12 + 31) - 0.5);
    let solid = rise(0.85 - distance + edge, 0.42);
    if (hasFissure) solid *= rise(fissureSide * (dy - fissureSlope * dx) + 0.35, 0.07);
    change.density += strength * solid * (0.75 + 0.5 * texture(x * 9 + 17, y * 9 + 17));
    change.vessels *= 1 - (hasBronchi ? 1.9 : 0.9) * solid;
  };
}
