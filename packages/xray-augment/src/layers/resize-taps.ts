import type { Taps } from './gather-taps.js';

/** The part of an image that is resized, in pixels; it may reach beyond the image. */
export interface Box {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

interface ResizeOptions {
  /** Pixels of the input. */
  readonly height: number;
  readonly width: number;
  readonly images: number;
  readonly box: Box;
  /** Pixels of the output. */
  readonly target: { readonly height: number; readonly width: number };
  readonly interpolation: 'bilinear' | 'nearest';
  /** Value outside of the image. */
  readonly fillValue: number;
}

/** The taps of a resize as `tf.image.resize` of TensorFlow 2 does it: pixels are areas, nothing is smoothed. */
export function resizeTaps(options: ResizeOptions): Taps {
  const { height, width, images, box, target, interpolation, fillValue } = options;
  const rows = axisTaps(box.top, box.height, target.height, interpolation);
  const columns = axisTaps(box.left, box.width, target.width, interpolation);
  const size = target.height * target.width;
  const tapCount = rows.length * columns.length;
  const places = Array.from({ length: tapCount }, () => new Int32Array(images * size));
  const shares = Array.from({ length: tapCount }, () => new Float32Array(images * size));
  const added = fillValue === 0 ? undefined : new Float32Array(images * size);
  for (const [down, row] of rows.entries()) {
    for (const [right, column] of columns.entries()) {
      const tap = down * columns.length + right;
      for (let image = 0, at = 0; image < images; image++) {
        for (let y = 0; y < target.height; y++) {
          for (let x = 0; x < target.width; x++, at++) {
            const [fromY, fromX] = [row[y]!.place, column[x]!.place];
            const share = row[y]!.share * column[x]!.share;
            if (fromY >= 0 && fromY < height && fromX >= 0 && fromX < width) {
              places[tap]![at] = (image * height + fromY) * width + fromX;
              shares[tap]![at] = share;
            } else if (added) added[at]! += share * fillValue;
          }
        }
      }
    }
  }
  return { ...target, places, shares, added };
}

/** For each tap and each output place, the input place and its share. */
function axisTaps(start: number, size: number, target: number, interpolation: 'bilinear' | 'nearest') {
  const scale = size / target;
  const all = Array.from({ length: target }, (_, index) => (index + 0.5) * scale);
  const clamp = (place: number) => start + Math.min(size - 1, Math.max(0, place));
  if (interpolation === 'nearest') {
    return [all.map((place) => ({ place: clamp(Math.floor(place)), share: 1 }))];
  }
  return [
    all.map((place) => ({ place: clamp(Math.floor(place - 0.5)), share: 1 - fraction(place - 0.5) })),
    all.map((place) => ({ place: clamp(Math.floor(place - 0.5) + 1), share: fraction(place - 0.5) })),
  ];
}

function fraction(value: number): number {
  return value - Math.floor(value);
}
