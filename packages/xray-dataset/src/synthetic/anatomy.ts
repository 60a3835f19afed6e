import type { Random } from 'xray-core';

/**
 * The build of one patient. Lengths are in units of half the image: x from -1 (image left, the patient's
 * right) to 1, y from -1 (top) to 1.
 */
export interface Anatomy {
  /** Half-width of the rib cage at its widest. */
  readonly chestWidth: number;
  /** Height of the lung tips. */
  readonly apex: number;
  /** Height of the right and the left dome of the diaphragm. */
  readonly domes: readonly [right: number, left: number];
  /** How far the diaphragm falls from its domes to the sides. */
  readonly domeFall: number;
  readonly heartSize: number;
  /** Radians; how steeply the heart's axis points down to the patient's left. */
  readonly heartTilt: number;
  /** Half-width of the vessels above the heart. */
  readonly mediastinum: number;
  /** Distance between neighbouring ribs. */
  readonly ribSpacing: number;
  readonly ribTop: number;
  /** How far ribs fall from the spine to the side. */
  readonly ribFall: number;
  readonly ribThickness: number;
  /** Brightness of bones; children's are faint. */
  readonly boneDensity: number;
  readonly clavicleHeight: number;
  readonly clavicleRise: number;
  readonly shoulderFall: number;
  /** Half-width of the trunk below the arms. */
  readonly trunkWidth: number;
  readonly vertebraHeight: number;
  /** Air in the stomach, 0 for none. */
  readonly stomachAir: number;
}

/** Draws a patient. */
export function drawAnatomy(random: Random): Anatomy {
  const between = (low: number, high: number) => random.uniform(low, high);
  const rightDome = between(0.34, 0.46);
  return {
    chestWidth: between(0.68, 0.76),
    apex: between(-0.84, -0.76),
    domes: [rightDome, rightDome + between(0.02, 0.08)],
    domeFall: between(0.9, 1.5),
    heartSize: between(0.9, 1.14),
    heartTilt: between(0.45, 0.8),
    mediastinum: between(0.12, 0.17),
    ribSpacing: between(0.128, 0.148),
    ribTop: between(-0.74, -0.68),
    ribFall: between(0.12, 0.22),
    ribThickness: between(0.026, 0.034),
    boneDensity: between(0.8, 1.25),
    clavicleHeight: between(-0.62, -0.54),
    clavicleRise: between(0.08, 0.2),
    shoulderFall: between(0.3, 0.5),
    trunkWidth: between(0.8, 0.92),
    vertebraHeight: between(0.105, 0.125),
    stomachAir: random.uniform() < 0.6 ? between(0.06, 0.16) : 0,
  };
}
