/**
 * Where an output pixel's value is found: `x' = a x + b y + c`, `y' = d x + e y + f`, in pixels, the first pixel's
 * centre being (0, 0).
 */
export type AffineMatrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** A change of place, size and direction about the image's centre. */
export interface AffineParameters {
  /** Degrees, counter-clockwise. */
  readonly rotation: number;
  /** Degrees by which vertical lines lean to the left going down. */
  readonly shear: number;
  /** Above 1 enlarges. */
  readonly zoom: number;
  /** Zoom of the image's width alone, on top of `zoom`. @default 1 */
  readonly stretchX?: number | undefined;
  /** Zoom of the image's height alone, on top of `zoom`. @default 1 */
  readonly stretchY?: number | undefined;
  /** Share of the width; positive moves the image to the right. */
  readonly translationX: number;
  /** Share of the height; positive moves the image down. */
  readonly translationY: number;
  /** Left and right swapped, before anything else. */
  readonly flipped: boolean;
}

/**
 * Flip, zoom of both axes, shear, rotation and translation, in this order and about the image's centre, as one matrix from
 * output to input: the inverse of `T R H Z F`.
 */
export function affineMatrix(parameters: AffineParameters, height: number, width: number): AffineMatrix {
  const { zoom, stretchX = 1, stretchY = 1, flipped } = parameters;
  const [zoomX, zoomY] = [zoom * stretchX, zoom * stretchY];
  const rotation = radians(parameters.rotation);
  const lean = Math.tan(radians(parameters.shear));
  const [cos, sin] = [Math.cos(rotation), Math.sin(rotation)];
  // Rotation back, then shear back: [1 lean; 0 1] [cos -sin; sin cos], y pointing down.
  const sign = flipped ? -1 : 1;
  const a = (sign * (cos + lean * sin)) / zoomX;
  const b = (sign * (-sin + lean * cos)) / zoomX;
  const d = sin / zoomY;
  const e = cos / zoomY;
  const [centreX, centreY] = [(width - 1) / 2, (height - 1) / 2];
  const fromX = centreX + parameters.translationX * width;
  const fromY = centreY + parameters.translationY * height;
  return [a, b, centreX - a * fromX - b * fromY, d, e, centreY - d * fromX - e * fromY];
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
