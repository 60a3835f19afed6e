import type { Random } from 'xray-core';

/** A stretch of a lung vessel, in units of half the image. */
export interface VesselSegment {
  readonly fromX: number;
  readonly fromY: number;
  readonly toX: number;
  readonly toY: number;
  /** Half-width at the start. */
  readonly radius: number;
}

/** Draws the vessel trees of both lungs: from the hilum outwards, thinner at every fork. */
export function drawVessels(random: Random): VesselSegment[] {
  const segments: VesselSegment[] = [];
  for (const side of [-1, 1]) {
    const rootX = side * 0.13;
    const rootY = side > 0 ? -0.08 : -0.02;
    for (let trunk = 0; trunk < 8; trunk++) {
      // From upwards to downwards, leaning outwards.
      const angle = -1.25 + (2.6 * trunk) / 7 + random.uniform(-0.2, 0.2);
      grow(segments, random, rootX, rootY, side, angle, random.uniform(0.014, 0.022), 4);
    }
  }
  return segments;
}

/** `angle` is 0 outwards and positive downwards. */
function grow(
  segments: VesselSegment[],
  random: Random,
  fromX: number,
  fromY: number,
  side: number,
  angle: number,
  radius: number,
  forks: number,
): void {
  const length = random.uniform(0.07, 0.16) * (forks === 4 ? 1.15 : 1);
  const toX = fromX + side * length * Math.cos(angle);
  const toY = fromY + length * Math.sin(angle);
  segments.push({ fromX, fromY, toX, toY, radius });
  if (forks === 0) return;
  const spread = random.uniform(0.25, 0.7);
  grow(
    segments,
    random,
    toX,
    toY,
    side,
    angle - spread * random.uniform(0.4, 1),
    radius * random.uniform(0.6, 0.8),
    forks - 1,
  );
  grow(
    segments,
    random,
    toX,
    toY,
    side,
    angle + spread * random.uniform(0.4, 1),
    radius * random.uniform(0.6, 0.8),
    forks - 1,
  );
}

/**
 * Paints vessels into a layer of image size.
 *
 * @param toImage - Point of the chest → `[column, row]` in pixels.
 * @param pixelsPerUnit - Pixels per unit of length.
 * @returns float32 `[height * width]`: 0 for none, about 1 in the middle of a large vessel.
 */
export function paintVessels(
  segments: readonly VesselSegment[],
  size: { height: number; width: number },
  toImage: (x: number, y: number) => readonly [column: number, row: number],
  pixelsPerUnit: number,
): Float32Array {
  const { height, width } = size;
  const layer = new Float32Array(height * width);
  for (const { fromX, fromY, toX, toY, radius } of segments) {
    const [fromColumn, fromRow] = toImage(fromX, fromY);
    const [toColumn, toRow] = toImage(toX, toY);
    const reach = Math.max(0.6, radius * pixelsPerUnit); // thinner ones become fainter, not narrower
    const strength = Math.min(1, (radius * pixelsPerUnit) / reach) * (0.15 + 0.85 * (radius / 0.021));
    const steps = Math.ceil(Math.hypot(toColumn - fromColumn, toRow - fromRow) / (0.7 * reach)) + 1;
    for (let step = 0; step <= steps; step++) {
      const column = fromColumn + ((toColumn - fromColumn) * step) / steps;
      const row = fromRow + ((toRow - fromRow) * step) / steps;
      const lastRow = Math.min(height - 1, Math.floor(row + 1.5 * reach));
      const lastColumn = Math.min(width - 1, Math.floor(column + 1.5 * reach));
      for (let y = Math.max(0, Math.ceil(row - 1.5 * reach)); y <= lastRow; y++) {
        for (let x = Math.max(0, Math.ceil(column - 1.5 * reach)); x <= lastColumn; x++) {
          const distance = ((x - column) ** 2 + (y - row) ** 2) / (reach * reach);
          if (distance >= 2.25) continue;
          const value = strength * (1 - distance / 2.25) ** 2;
          if (value > layer[y * width + x]!) layer[y * width + x] = value;
        }
      }
    }
  }
  return layer;
}
