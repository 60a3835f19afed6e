import type { Anatomy } from './anatomy.js';
import { length, rise } from './noise.js';

const RIB_PAIRS = 10;

/** Density of a tubular bone across its width: bright rims, soft edges. `t` is 0 in the middle, 1 at the edge. */
function tube(t: number): number {
  return t >= 1.2 ? 0 : (1 - rise(t - 1, 0.2)) * (0.6 + 0.4 * Math.min(1, t * t));
}

/** Density of ribs at `side` (0 at the spine, 1 at the chest wall) and height `y`; up to about 0.2. */
export function ribDensity(anatomy: Anatomy, side: number, y: number): number {
  const { ribSpacing, ribTop, ribFall, ribThickness, boneDensity } = anatomy;
  if (side < 0.1 || side > 1.1) return 0;
  const ends = 1 - rise(side - 1.03, 0.05);

  // Behind: from the spine outwards, a little up, then down.
  const behind = (y - ribTop - ribFall * side * side * 1.5 + 0.3 * side * (1 - side)) / ribSpacing;
  const nearest = Math.round(behind);
  let density = 0;
  if (nearest >= 0 && nearest < RIB_PAIRS) {
    density += 0.095 * tube((Math.abs(behind - nearest) * ribSpacing) / ribThickness);
  }
  // In front: from the chest wall down to the middle, fading where bone becomes cartilage.
  if (side > 0.35) {
    const front = (y - ribTop - ribFall * 1.5 - 0.42 * (1 - side) * (1.25 - side) * 2) / ribSpacing;
    const nearestFront = Math.round(front);
    if (nearestFront >= 0 && nearestFront < 7) {
      const visible = rise(side - 0.52, 0.14);
      density +=
        0.055 * visible * tube((Math.abs(front - nearestFront) * ribSpacing) / (ribThickness * 1.15));
    }
  }
  const alongBeam = 1 + 0.7 * rise(side - 0.86, 0.14); // at the chest wall the beam runs along the bone
  return density * ends * alongBeam * boneDensity;
}

/** Density of the collar bones at distance `side` from the middle and height `y`; up to about 0.1. */
export function clavicleDensity(anatomy: Anatomy, side: number, y: number): number {
  const { clavicleHeight, clavicleRise, boneDensity } = anatomy;
  if (side < 0.06 || side > 0.86) return 0;
  const along = (side - 0.07) / 0.75;
  const centre = clavicleHeight - clavicleRise * along - 0.028 * Math.sin(2 * Math.PI * along);
  const thickness = 0.027 + 0.016 * (1 - along) * (1 - along);
  const distance = Math.abs(y - centre) / thickness;
  if (distance > 1.2) return 0;
  return 0.1 * boneDensity * tube(distance) * rise(side - 0.09, 0.02) * (1 - rise(side - 0.8, 0.05));
}

/** Density of the spine at distance `side` from the middle and height `y`; up to about 0.1. */
export function spineDensity(anatomy: Anatomy, side: number, y: number): number {
  const { vertebraHeight, boneDensity } = anatomy;
  if (side > 0.14) return 0;
  const place = y / vertebraHeight;
  const fromDisc = Math.abs(place - Math.round(place)); // 0 in a disc, 0.5 in the middle of a vertebra
  const body = (1 - rise(side - 0.075, 0.014)) * (0.03 + 0.03 * rise(fromDisc - 0.12, 0.07));
  const pedicle = 1 - rise(length((side - 0.05) / 0.02, (fromDisc - 0.36) / 0.16) - 1, 0.5);
  const process = (1 - rise(side - 0.014, 0.008)) * rise(fromDisc - 0.24, 0.1);
  return boneDensity * (body + 0.025 * pedicle + 0.025 * process);
}

/** Density of the upper ends of the arms and the shoulder blades. */
export function shoulderDensity(anatomy: Anatomy, side: number, y: number): number {
  if (side < 0.6 || y > 0.1) return 0;
  const { boneDensity, clavicleHeight } = anatomy;
  const head = length(side - 0.93, y - clavicleHeight - 0.02) / 0.105;
  const shaftDistance = Math.abs(side - 0.97 - 0.12 * (y - clavicleHeight)) / 0.05;
  const shaft = y > clavicleHeight ? tube(shaftDistance) : 0;
  const bladeEdge = Math.abs(side - 0.76 + 0.12 * (y - clavicleHeight) - 0.04) / 0.028;
  const blade = y > clavicleHeight + 0.02 ? tube(bladeEdge) * (1 - rise(y + 0.12, 0.1)) : 0;
  return boneDensity * (0.06 * (1 - rise(head - 1, 0.3)) + 0.07 * shaft + 0.035 * blade);
}
