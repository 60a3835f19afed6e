import { describe, expect, it } from 'vitest';
import { randomAffine } from './random-affine.js';

const SIZE = 5;
const still = {
  rotation: 0,
  shear: 0,
  zoom: 1,
  stretchX: 1,
  stretchY: 1,
  translationX: 0,
  translationY: 0,
  flipped: false,
};

/** Where one white pixel of a black image goes. */
function move([x, y]: readonly [x: number, y: number], change: Partial<typeof still>): number[][] {
  const pixels = new Uint8Array(SIZE * SIZE);
  pixels[y * SIZE + x] = 255;
  const image = { pixels, height: SIZE, width: SIZE, channels: 1 };
  const moved = randomAffine({ interpolation: 'nearest' }).apply(image, { ...still, ...change });
  return Array.from(moved).flatMap((level, at) =>
    level === 255 ? [[at % SIZE, Math.floor(at / SIZE)]] : [],
  );
}

describe('randomAffine', () => {
  it.each([
    ['rotates counter-clockwise', { rotation: 90 }, [4, 2], [2, 0]],
    ['moves to the right', { translationX: 0.2 }, [2, 2], [3, 2]],
    ['moves down', { translationY: 0.4 }, [2, 2], [2, 4]],
    ['shrinks below 1', { zoom: 0.5 }, [4, 0], [3, 1]],
    ['narrows alone', { stretchX: 0.5 }, [4, 2], [3, 2]],
    ['flattens alone', { stretchY: 0.5 }, [2, 4], [2, 3]],
    ['leans to the left going down', { shear: 45 }, [2, 4], [0, 4]],
    ['mirrors left to right', { flipped: true }, [4, 1], [0, 1]],
    ['mirrors before it rotates', { flipped: true, rotation: 90 }, [4, 2], [2, 4]],
    ['rotates before it moves', { rotation: 90, translationX: 0.2 }, [4, 2], [3, 0]],
  ] as const)('%s', (_, change, from, to) => {
    expect(move(from, change)).toEqual([to]);
  });

  it('enlarges above 1', () => {
    expect(move([3, 2], { zoom: 2 })).toContainEqual([4, 2]);
    expect(move([4, 2], { zoom: 2 })).toEqual([]); // beyond the border
  });

  it('leaves the image as it is where nothing is asked for', () => {
    const pixels = Float32Array.from({ length: 3 * 77 }, (_, at) => ((at * 29) % 97) / 96);
    const image = { pixels, height: 7, width: 11, channels: 3 };
    const augmentation = randomAffine();
    const parameters = augmentation.draw('a', { seed: 1, epoch: 0 });
    expect(Array.from(augmentation.apply(image, parameters))).toEqual(Array.from(pixels));
  });
});
