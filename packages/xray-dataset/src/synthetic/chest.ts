import type { Anatomy } from './anatomy.js';
import { clavicleDensity, ribDensity, shoulderDensity, spineDensity } from './bones.js';
import { length, rise } from './noise.js';

/** What is at one point of the chest. */
export interface ChestPoint {
  /** How much of the beam is stopped: 0 in air, about 1 in the densest parts. */
  density: number;
  /** 1 in the lung fields, 0 outside, soft in between. */
  lung: number;
}

/**
 * Density of a healthy chest without lung vessels.
 *
 * @param point - Receives the result; reused by the caller, because it is filled once per pixel.
 */
export function fillChestPoint(anatomy: Anatomy, x: number, y: number, point: ChestPoint): void {
  const side = Math.abs(x);
  const leftness = rise(x, 0.14); // 0 on the patient's right, 1 on the left
  const body = bodyThickness(anatomy, side, y);
  if (body === 0) {
    point.density = 0;
    point.lung = 0;
    return;
  }

  const { chestWidth, apex, mediastinum } = anatomy;
  const height = (y - 0.5) / (0.5 - apex);
  const wall = y > 0.5 ? chestWidth : height <= -1 ? 0 : chestWidth * Math.sqrt(1 + height * height * height);
  const diaphragm = diaphragmHeight(anatomy, side, leftness);
  const medialEdge = mediastinum + 0.1 * rise(-0.6 - y, 0.18) + 0.07 * rise(y - 0.3, 0.14);
  const heart = heartShadow(anatomy, x, y);
  const aboveDiaphragm = rise(diaphragm - y, 0.016);
  const lung =
    rise(wall - 0.035 - side, 0.022) * rise(side - medialEdge, 0.03) * aboveDiaphragm * (1 - 0.94 * heart);

  let density = 0.52 * body;
  density -= lung * (0.3 - 0.05 * rise(y - 0.15, 0.3) + 0.05 * rise(side - 0.45, 0.25));
  density += 0.1 * heart * aboveDiaphragm;
  density += 0.05 * (1 - rise(side - mediastinum, 0.06)) * rise(y + 0.85, 0.2);
  density += 0.11 * (1 - aboveDiaphragm) * (1 - rise(side - chestWidth, 0.12)) * (1 - 0.2 * leftness);
  if (x > 0 && anatomy.stomachAir > 0 && y > diaphragm) {
    const bubble = length((side - 0.34) / 0.17, (y - diaphragm - 0.13) / 0.08);
    density -= anatomy.stomachAir * (1 - rise(bubble - 1, 0.25));
  }
  density -= airway(side, y);

  density += spineDensity(anatomy, side, y);
  if (wall > 0) density += ribDensity(anatomy, side / (wall + 0.02), y) * (0.5 + 0.5 * aboveDiaphragm);
  density += clavicleDensity(anatomy, side, y) + shoulderDensity(anatomy, side, y);
  point.density = density;
  point.lung = lung;
}

/** 0 outside the body, up to 1 where it is thickest. */
function bodyThickness(anatomy: Anatomy, side: number, y: number): number {
  const { shoulderFall, trunkWidth } = anatomy;
  const beyondNeck = Math.max(0, side - 0.26);
  const shoulder = -0.98 + shoulderFall * beyondNeck * Math.sqrt(beyondNeck + 0.05);
  const isNeck = 1 - rise(side - 0.27, 0.03);
  const belowShoulder = Math.max(rise(y - shoulder, 0.02), isNeck);
  if (belowShoulder === 0) return 0;
  // Above the armpits the arms continue the trunk; below, air lies between trunk and arms.
  const armpit = rise(y + 0.2, 0.16);
  const edge = 1.3 + (trunkWidth - 1.3) * armpit;
  const trunk = rise(edge - side, 0.02);
  const arm = side > 1 ? rise(side - 1.02, 0.02) : 0;
  if (trunk === 0) return arm * belowShoulder * 0.8;
  const square = (side * side) / (edge * edge);
  const roundness = 1 - 0.55 * square * square;
  const neckThinness = 1 - 0.25 * rise(-0.72 - y, 0.2);
  return Math.max(trunk * roundness * neckThinness, arm * 0.8) * belowShoulder;
}

function diaphragmHeight({ domes, domeFall }: Anatomy, side: number, leftness: number): number {
  const fromDome = side - 0.33;
  const fall =
    fromDome > 0 ? domeFall * fromDome * fromDome * (1 + 1.2 * fromDome) : 0.5 * fromDome * fromDome;
  return domes[0] + (domes[1] - domes[0]) * leftness + fall;
}

/** Ventricles, right atrium, and the arch of the aorta. */
function heartShadow({ heartSize, heartTilt, mediastinum }: Anatomy, x: number, y: number): number {
  if (y < -0.5 || y > 0.75 || x < -0.4 || x > 0.65) return 0;
  const cosine = Math.cos(heartTilt);
  const sine = Math.sin(heartTilt);
  const dx = (x - 0.13) / heartSize;
  const dy = (y - 0.2) / heartSize;
  const along = (dx * cosine + dy * sine) / 0.34;
  const across = (dy * cosine - dx * sine) / 0.235;
  const ventricles = rise(1 - length(along, across), 0.075);
  const atrium = rise(1 - length((dx + 0.14) / 0.17, (dy + 0.02) / 0.26), 0.14);
  const arch = rise(1 - length((x - mediastinum + 0.035) / 0.08, (y + 0.3) / 0.11), 0.3);
  return Math.max(ventricles, atrium, arch);
}

/** Air in the windpipe and its two branches. */
function airway(side: number, y: number): number {
  if (y > -0.02 || side > 0.2) return 0;
  if (y < -0.27) return 0.075 * (1 - rise(side - 0.034, 0.012));
  const branch = (y + 0.27) * 0.62;
  return 0.05 * (1 - rise(Math.abs(side - branch) - 0.022, 0.012)) * (1 - rise(y + 0.1, 0.06));
}
